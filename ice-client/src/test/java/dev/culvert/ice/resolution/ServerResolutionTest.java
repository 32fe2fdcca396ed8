package dev.culvert.ice.resolution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.stun.StunUri;
import dev.culvert.testkit.Rfc;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerResolutionTest {
    private static final List<ServerTransport> ALL = List.of(ServerTransport.values());

    private final ScriptedResolver resolver = new ScriptedResolver();

    private List<ServerAttempt> resolve(String uri, List<ServerTransport> supported) {
        List<List<ServerAttempt>> answers = new ArrayList<>();
        new ServerResolution(resolver, new Random(1), supported).resolve(StunUri.parse(uri), answers::add);
        resolver.answerAll();
        assertThat(answers).as("answers to %s", uri).hasSize(1);
        return answers.get(0);
    }

    private List<String> texts(String uri) {
        return resolve(uri, ALL).stream().map(ServerAttempt::toString).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "turn:192.0.2.1, 192.0.2.1:3478 over UDP, 192.0.2.1:3478 over TCP",
        "turn:[2001:db8::1]:80, [2001:db8::1]:80 over UDP, [2001:db8::1]:80 over TCP",
        "turn:192.0.2.1?transport=tcp, 192.0.2.1:3478 over TCP,",
        "turn:192.0.2.1?transport=udp, 192.0.2.1:3478 over UDP,",
        "turns:192.0.2.1, 192.0.2.1:5349 over TLS,",
        "stun:192.0.2.1:1, 192.0.2.1:1 over UDP, 192.0.2.1:1 over TCP"
    })
    @Rfc("5928#3 (1)")
    void addressIsTakenAsItIs(String uri, String first, String second) {
        List<String> expected = second == null ? List.of(first) : List.of(first, second);

        assertThat(texts(uri)).isEqualTo(expected);
        assertThat(resolver.questions).isEmpty();
    }

    @Test
    @Rfc("5928#3 (2)")
    void nameWithAPortIsLookedUpAsAHostOnly() {
        resolver.host("turn.example.org", "192.0.2.1", "2001:db8::1")
                .service("_turn._udp.turn.example.org", new ServiceRecord(0, 0, 9, "elsewhere.example.org"));

        assertThat(texts("turn:turn.example.org:3478?transport=udp"))
                .containsExactly("[2001:db8::1]:3478 over UDP", "192.0.2.1:3478 over UDP");
        assertThat(resolver.questions).containsExactly("turn.example.org");
    }

    @Test
    @Rfc({"5928#3 (3)", "8489#8.1 (1)"})
    void nameAloneIsAskedForServices() {
        resolver.host("example.org", "192.0.2.99")
                .host("a.example.org", "192.0.2.1")
                .host("b.example.org", "192.0.2.2")
                .service(
                        "_turn._tcp.example.org",
                        new ServiceRecord(20, 0, 80, "b.example.org"),
                        new ServiceRecord(10, 0, 5000, "a.example.org"));

        assertThat(texts("turn:example.org?transport=tcp"))
                .containsExactly("192.0.2.1:5000 over TCP", "192.0.2.2:80 over TCP");
    }

    @ParameterizedTest
    @CsvSource({
        "stun:example.org, _stun._udp.example.org, _stun._tcp.example.org",
        "stuns:example.org, _stuns._tcp.example.org,",
        "turn:example.org, _turn._udp.example.org, _turn._tcp.example.org",
        "turns:example.org, _turns._tcp.example.org,"
    })
    @Rfc("8489#8.1 (1)")
    void serviceIsNamedBySchemeAndTransport(String uri, String first, String second) {
        resolve(uri, ALL);

        assertThat(resolver.questions).contains(first);
        assertThat(resolver.questions).hasSize(second == null ? 2 : 3);
        assertThat(second == null || resolver.questions.contains(second)).isTrue();
    }

    @Test
    @Rfc({"5928#3 (4)", "8489#8.1 (2)"})
    void whereATransportHasNoServicesTheHostServesAtTheDefaultPort() {
        resolver.host("example.org", "192.0.2.9")
                .host("a.example.org", "192.0.2.1")
                .service("_turn._tcp.example.org", new ServiceRecord(0, 0, 5000, "a.example.org"));

        assertThat(texts("turn:example.org")).containsExactly("192.0.2.9:3478 over UDP", "192.0.2.1:5000 over TCP");
        assertThat(texts("turns:example.org")).containsExactly("192.0.2.9:5349 over TLS");
    }

    @Test
    @Rfc("2782#Usage (1)")
    void serviceThatIsNotOfferedIsNotSoughtElsewhere() {
        resolver.host("example.org", "192.0.2.9").service("_turn._udp.example.org", new ServiceRecord(0, 0, 0, "."));

        assertThat(texts("turn:example.org")).containsExactly("192.0.2.9:3478 over TCP");
    }

    @Test
    @Rfc("8489#8.1 (3)")
    void familiesTakeTurns() {
        resolver.host("example.org", "192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1", "192.0.2.1");

        assertThat(texts("turn:example.org?transport=udp"))
                .containsExactly(
                        "[2001:db8::1]:3478 over UDP",
                        "192.0.2.1:3478 over UDP",
                        "192.0.2.2:3478 over UDP",
                        "192.0.2.3:3478 over UDP");
    }

    @Test
    @Rfc("5928#5")
    void certificateMustCarryTheNameInTheUri() {
        resolver.host("a.example.net", "192.0.2.1")
                .service("_turns._tcp.example.org", new ServiceRecord(0, 0, 443, "a.example.net"));

        assertThat(resolve("turns:example.org", ALL))
                .singleElement()
                .extracting(ServerAttempt::serverName)
                .isEqualTo("example.org");
        assertThat(resolve("turns:192.0.2.1", ALL))
                .singleElement()
                .extracting(ServerAttempt::serverName)
                .isEqualTo("");
    }

    @Test
    void transportsAreTriedInTheOrderOfPreference() {
        List<ServerTransport> tcpFirst = List.of(ServerTransport.TCP, ServerTransport.UDP);

        assertThat(resolve("turn:192.0.2.1", tcpFirst))
                .extracting(ServerAttempt::transport)
                .isEqualTo(tcpFirst);
    }

    @Test
    void unknownNameHasNoServers() {
        assertThat(texts("turn:example.org")).isEmpty();
    }

    @Test
    void dozensOfServicesAreCut() {
        ServiceRecord[] many = new ServiceRecord[200];
        for (int i = 0; i < many.length; i++) {
            many[i] = new ServiceRecord(i, 0, 1000 + i, "a.example.org");
        }
        resolver.host("a.example.org", "192.0.2.1").service("_turn._udp.example.org", many);

        assertThat(texts("turn:example.org?transport=udp")).hasSize(16).startsWith("192.0.2.1:1000 over UDP");
    }

    @Test
    @Rfc("5928#3 (5)")
    void uriThatNeedsAnotherTransportIsRefused() {
        assertThatThrownBy(() -> resolve("turns:example.org?transport=udp", ALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs another transport");
        assertThatThrownBy(() -> resolve("turn:example.org?transport=tcp", List.of(ServerTransport.UDP)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Rfc("8489#8.1 (4)")
    void stunsWithAnAddressIsRefused() {
        assertThatThrownBy(() -> resolve("stuns:192.0.2.1", ALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("give the server's name");
    }
}
