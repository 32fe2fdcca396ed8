package dev.culvert.relay.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.Invocation;
import dev.culvert.testkit.SchemaCheck;
import java.net.DatagramSocket;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

/** On the machine that the tests run on. */
class DoctorCommandTest {
    private static final String[] SOUND = {
        "doctor", "--realm=example.org", "--user=alice:wonderland", "--no-admin", "--relay-ports=40000-42000"
    };

    @Test
    void whatItSeesOfThisMachineItTellsInALineEach() {
        Invocation seen = with("--listen=udp:127.0.0.1:0");

        assertThat(seen.errors()).isEmpty();
        assertThat(seen.exitCode()).isZero();
        assertThat(seen.out().lines())
                .allMatch(line -> line.matches("(ok   |warn ) [a-z ]+: .+"))
                .contains("ok    listeners: every port can be opened (1)")
                .anyMatch(line -> line.startsWith("ok    relay ports: 40000-42000 on 127.0.0.1 can be opened"));
    }

    @Test
    void aPortThatIsHeldIsAnErrorAndExitsWith1() throws Exception {
        try (DatagramSocket held = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            Invocation seen = with("--listen=udp:127.0.0.1:" + held.getLocalPort(), "--json");

            assertThat(seen.exitCode()).isEqualTo(1);
            assertThat(seen.out()).contains("\"level\":\"error\",\"about\":\"listeners\"", "\"exit\":1");
            assertThat(SchemaCheck.problems("turn-relay.doctor.schema.json", seen.out()))
                    .isEmpty();
        }
    }

    @Test
    void whatIsMissingOfTheConfigurationIsAnErrorAmongTheOthers() {
        Invocation seen = Invocation.of("doctor", "--listen=udp:127.0.0.1:0", "--no-admin");

        assertThat(seen.exitCode()).isEqualTo(1);
        assertThat(seen.errors()).isEmpty();
        assertThat(seen.out())
                .contains("error configuration: --realm: is missing; give one, for example --realm example.org")
                .contains("clock: ");
    }

    @Test
    void anOptionThatDoesNotExistExitsWith2() {
        Invocation seen = with("--jsn");

        assertThat(seen.exitCode()).isEqualTo(2);
        assertThat(seen.out()).isEmpty();
        assertThat(seen.errors()).containsExactly("turn-relay: --jsn: no such option; did you mean --json?");
    }

    private static Invocation with(String... more) {
        String[] all = new String[SOUND.length + more.length];
        System.arraycopy(SOUND, 0, all, 0, SOUND.length);
        System.arraycopy(more, 0, all, SOUND.length, more.length);
        return Invocation.of(all);
    }
}
