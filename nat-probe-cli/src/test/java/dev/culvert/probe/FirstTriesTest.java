package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What somebody types who has not read the manual: nothing, the wrong thing, or a server that is not there. */
class FirstTriesTest {
    private static final int TERMINAL_WIDTH = 80;

    static Stream<String> commands() {
        return new CommandLine(new NatProbe()).getSubcommands().keySet().stream();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bind", "lifetime", "hairpin", "ports", "turn", "pair", "check-server", "sip"})
    void commandWithoutArgumentsSaysWhatIsMissingAndWhereToRead(String command) {
        CommandRun run = CommandRun.of(command);

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("nat-probe: Missing required ")
                .endsWith("; see nat-probe " + command + " --help");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--json",
                "bind",
                "lifetime",
                "hairpin",
                "ports",
                "check-server",
                "sip",
                "watch",
                "turn --user u --password p"
            })
    void unknownNameIsOneLineThatNamesIt(String command) {
        CommandRun run = run(command, "x.invalid");

        assertThat(run.exit()).as(run.err()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("nat-probe: ")
                .contains("unknown host x.invalid", "check the spelling");
    }

    @ParameterizedTest
    @CsvSource({
        "--json, 30",
        "bind, 1",
        "lifetime, 1",
        "hairpin, 1",
        "ports, 1",
        "check-server, 30",
        "sip, 1",
        "watch --count 1, 30",
        "gather --loopback, 30",
        "turn --user u --password p --transport udp, 20",
    })
    void silentServerEndsInTheExitCodeOfTheCommand(String command, int exit) throws SocketException {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            CommandRun run = run(command + " --timeout 300ms", "127.0.0.1:" + silent.getLocalPort());

            assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(exit);
            assertThat(run.err().lines().count()).isEqualTo(exit == 1 ? 1 : 0);
            assertThat(run.out() + run.err()).contains("127.0.0.1").doesNotContain("Exception", "\u001b", "\r");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bind", "lifetime", "hairpin", "ports", "sip", "watch", "gateway", "--json"})
    void turnUriIsSentToTheCommandsThatKnowIt(String command) {
        CommandRun run = run(command, "turn:example.org");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .isEqualTo(
                        "nat-probe: server 'turn:example.org': this command asks STUN servers; give stun:example.org, "
                                + "or use nat-probe turn or nat-probe gather");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bind --transport tls --ca /no/such/file 127.0.0.1:1",
                "turn --user u --password p --ca /no/such/file turns:127.0.0.1:1",
                "gather --loopback --user u --password p --ca /no/such/file turns:127.0.0.1:1",
                "check-server --ca /no/such/file 127.0.0.1:1",
            })
    void authoritiesThatCannotBeReadAreWrongUse(String arguments) {
        CommandRun run = run(arguments);

        assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(2);
        assertThat(run.err().lines()).singleElement().asString().contains("--ca /no/such/file: ");
    }

    @ParameterizedTest
    @CsvSource({"bnid 127.0.0.1:1, bind", "gahter, gather", "checkserver 127.0.0.1:1, check-server"})
    void misspeltCommandIsToldTheRightOne(String arguments, String meant) {
        CommandRun run = run(arguments);

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .endsWith("': is neither a command nor a known host; give nat-probe " + meant);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpFitsATerminal(String command) {
        CommandRun help = CommandRun.of("help", command);

        assertThat(help.exit()).isZero();
        assertThat(help.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(TERMINAL_WIDTH));
        assertThat(help.out().toLowerCase(Locale.ROOT)).contains("usage: nat-probe " + command);
    }

    private static CommandRun run(String arguments, String... more) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments.split(" ")));
        all.addAll(List.of(more));
        return CommandRun.of(all.toArray(String[]::new));
    }
}
