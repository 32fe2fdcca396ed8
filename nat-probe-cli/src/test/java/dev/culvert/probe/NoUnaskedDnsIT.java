package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.Requirements;
import dev.culvert.testkit.lab.LabCommand;
import dev.culvert.testkit.lab.LabHost;
import dev.culvert.testkit.lab.NamespaceLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a host with a way to everywhere whose system names no DNS server, no question leaves it. */
class NoUnaskedDnsIT {
    private static final String[] TURN = {"turn", "--user", "u", "--password", "p", "turn:turn.example.org"};

    @TempDir
    private Path folder;

    @BeforeAll
    static void namespacesWork() {
        Requirements.root();
        for (String command : List.of("unshare", "nsenter", "ip", "nft", "mount")) {
            Requirements.command(command);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gather stun:stun.example.org", "bind turn.example.org", "stun.example.org"})
    void withoutADnsServerNobodyIsAsked(String command) throws IOException {
        assertThat(questionsFrom("", command.split(" "))).isEqualTo("packets 0");
    }

    @Test
    void turnServerIsSoughtWithoutAskingAnybodyElse() throws IOException {
        assertThat(questionsFrom("", TURN)).isEqualTo("packets 0");
    }

    @Test
    void theServerThatTheSystemNamesIsAsked() throws IOException {
        assertThat(questionsFrom("nameserver 192.0.2.1\noptions timeout:1 attempts:1\n", TURN))
                .isNotEqualTo("packets 0");
    }

    /** How many DNS questions left the host, as nft(8) tells it. */
    private String questionsFrom(String resolvConf, String... command) throws IOException {
        try (NamespaceLab lab = NamespaceLab.open()) {
            LabHost client = lab.host("client");
            LabHost outside = lab.host("outside");
            lab.cable(client, "c0", outside, "p0");
            client.address("c0", "192.0.2.2/24").defaultRoute("192.0.2.1");
            outside.address("p0", "192.0.2.1/24");
            client.nft("table inet questions { chain out { type filter hook output priority filter;"
                    + " oifname \"c0\" udp dport 53 counter; }; }\n");

            LabCommand told = client.run(script(resolvConf, command));

            // It has come as far as to look the name up, and failed there.
            assertThat(told.out() + told.err()).contains("unknown host");
            String rule = client.run("nft", "list", "table", "inet", "questions")
                    .check()
                    .out();
            return rule.replaceAll("(?s).*counter (packets \\d+).*", "$1");
        }
    }

    private String[] script(String resolvConf, String... command) throws IOException {
        Path file = Files.writeString(folder.resolve("resolv.conf"), resolvConf);
        String run = String.join(" ", Programs.natProbe(command)) + " --timeout 3s";
        return new String[] {"unshare", "-m", "sh", "-c", "mount --bind " + file + " /etc/resolv.conf && exec " + run};
    }
}
