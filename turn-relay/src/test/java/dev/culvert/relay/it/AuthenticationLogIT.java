package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The line about a failed authentication, which docs/security.md shows, and what fail2ban makes of it. */
@Tag("portable")
class AuthenticationLogIT {
    private static final Path FILTER = Path.of("..", "deploy", "fail2ban", "filter.d", "culvert-turn.conf");
    /** What fail2ban takes off a line before it applies the expression, see datepattern. */
    private static final Pattern DATE = Pattern.compile("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");

    private static final String FAILED = "authentication failed: ";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"full, 127\\.0\\.0\\.1:\\d+", "prefix, 127\\.0\\.0\\.0/24", "none, -"})
    void clientIsShownAsFarAsTheOperatorWants(String form, String client) throws Exception {
        for (String line : failures("--log-addresses", form)) {
            assertThat(line.substring(line.indexOf(FAILED)))
                    .matches(FAILED + "client=" + client + " transport=udp reason=(wrong-password|unknown-user)");
        }
    }

    @Test
    void fail2banFindsTheAddresses() throws Exception {
        Pattern expression = failregex();

        List<String> lines = failures("--log-addresses", "full");

        for (String line : lines) {
            assertThat(expression.matcher("relay turn-relay[4711]: " + line).find())
                    .as("%s in the journal", line)
                    .isTrue();
            Matcher found = expression.matcher(DATE.matcher(line).replaceFirst(""));
            assertThat(found.find()).as(line).isTrue();
            assertThat(found.group("host")).isEqualTo("127.0.0.1");
        }
        for (String line : failures()) {
            assertThat(expression.matcher(DATE.matcher(line).replaceFirst("")).find())
                    .as(line)
                    .isFalse();
        }
        // As it is for a client of IPv6, and not for what is no failure of a user.
        String start = " WARN  turn: authentication failed: client=[2a10:5::2]:4711 transport=tls reason=";
        assertThat(expression.matcher(start + "wrong-password").find()).isTrue();
        assertThat(expression.matcher(start + "store-failed").find()).isFalse();
    }

    /** The filter's expression with fail2ban's {@code <ADDR>} written out. */
    private static Pattern failregex() throws IOException {
        String key = "failregex = ";
        String line = Files.readAllLines(FILTER).stream()
                .filter(text -> text.startsWith(key))
                .findFirst()
                .orElseThrow();
        return Pattern.compile(line.substring(key.length())
                .replace("<ADDR>", "(?<host>\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)"));
    }

    /** The lines after a wrong password, an unknown user, and a wrong password that first comes with another's nonce. */
    private List<String> failures(String... options) throws Exception {
        try (TurnServerUnderTest server = TurnServerUnderTest.start(new TurnServerOptions().with(options), folder);
                PlainClient wrong = PlainClient.udp(server, TurnServerUnderTest.USER, "guess");
                PlainClient unknown = PlainClient.udp(server, "nobody", "guess");
                PlainClient forger = PlainClient.udp(server, TurnServerUnderTest.USER, "guess")) {
            wrong.allocate();
            unknown.allocate();
            forger.takeCredentialOf(wrong);
            forger.allocate();
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(failures(server)).hasSize(3));
            return failures(server);
        }
    }

    private static List<String> failures(TurnServerUnderTest server) {
        return server.program()
                .output()
                .lines()
                .filter(line -> line.contains(FAILED))
                .toList();
    }
}
