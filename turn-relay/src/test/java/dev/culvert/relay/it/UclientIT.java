package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.culvert.relay.core.ExclusivePorts;
import dev.culvert.relay.core.TestedMode;
import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** coturn's test client, in every way that it can ask for relayed UDP. */
class UclientIT {
    private static final int CLIENTS = 2;
    private static final int MESSAGES = 50;
    private static final int MESSAGE_BYTES = 171;

    /** The client waits for seconds at its start and at its end, so all run at the same time. */
    private enum Run {
        UDP_CHANNELS("127.0.0.1", "-y -c"),
        UDP_INDICATIONS("127.0.0.1", "-y -c -s"),
        TCP_CHANNELS("127.0.0.1", "-y -c -t"),
        TCP_INDICATIONS("127.0.0.1", "-y -c -t -s"),
        TLS_CHANNELS("127.0.0.1", "-y -c -t -S -z 50"),
        IPV6_RELAY_FOR_IPV4_CLIENT("127.0.0.1", "-y -c -x"),
        IPV4_RELAY_FOR_IPV6_CLIENT("::1", "-y -c -X"),
        IPV6_RELAY_FOR_IPV6_CLIENT("::1", "-y -c -x"),
        IPV6_RELAY_OVER_TCP("::1", "-y -c -x -t"),
        // EVEN-PORT with a reservation for each client, and RESERVATION-TOKEN for its second allocation.
        RTP_AND_RTCP("127.0.0.1", "-y"),
        RTP_AND_RTCP_OVER_TCP("127.0.0.1", "-y -t"),
        PEER_UDP_CHANNELS("127.0.0.1", "-c"),
        PEER_UDP_INDICATIONS("127.0.0.1", "-c -s"),
        PEER_TCP_CHANNELS("127.0.0.1", "-c -t"),
        PEER_TCP_INDICATIONS("127.0.0.1", "-c -t -s"),
        PEER_TLS_CHANNELS("127.0.0.1", "-c -t -S -z 50");

        private final String host;
        private final String options;

        Run(String host, String options) {
            this.host = host;
            this.options = options;
        }

        boolean hasPeer() {
            return name().startsWith("PEER");
        }

        String relayAddress() {
            return name().startsWith("IPV6_RELAY") ? "::1" : "127.0.0.1";
        }

        /** Whether the server does what it asks for: ports that are shared are not reserved. */
        boolean isServed() {
            return options.contains("-c") || !TestedMode.mode().isShared();
        }

        /** Each client has a second flow for RTCP unless told. */
        int flows() {
            return options.contains("-c") ? CLIENTS : 2 * CLIENTS;
        }
    }

    private static final Map<Run, Program> PROGRAMS = new EnumMap<>(Run.class);
    private static final Map<Run, EchoPeer> PEERS = new EnumMap<>(Run.class);

    @TempDir
    private static Path folder;

    private static TestCertificate certificate;
    private static TurnServerUnderTest server;

    @BeforeAll
    static void open() throws Exception {
        Requirements.linux();
        Requirements.command("turnutils_uclient");
        Requirements.command("openssl");
        Requirements.ipv6();
        certificate = TestCertificate.make(folder, "server");
        server = TurnServerUnderTest.start(
                new TurnServerOptions()
                        .on("127.0.0.1", "::1")
                        .relayingOn("127.0.0.1", "::1")
                        .tls(certificate)
                        .with("--allow-peer", "127.0.0.0/8", "--allow-peer", "::1/128")
                        .with("--unauthenticated-rate", "off")
                        .with("--rfc5766-channel-numbers"),
                folder);
        for (Run run : Run.values()) {
            start(run);
        }
    }

    private static void start(Run run) throws IOException {
        boolean tls = run.options.contains("-S");
        List<String> words = new ArrayList<>(List.of(run.options.split(" ")));
        words.addAll(List.of("-m", "" + CLIENTS, "-n", "" + MESSAGES, "-l", "" + MESSAGE_BYTES));
        words.addAll(tls ? List.of("-E", certificate.certificate().toString()) : List.of());
        if (run.hasPeer()) {
            EchoPeer peer = new EchoPeer("127.0.0.2");
            PEERS.put(run, peer);
            words.addAll(List.of("-e", peer.address(), "-r", "" + peer.port()));
        }
        words.add(run.host);
        PROGRAMS.put(run, Uclient.start(tls ? server.tlsPort() : server.port(), folder, words));
    }

    @AfterAll
    static void close() {
        PROGRAMS.values().forEach(Program::close);
        PEERS.values().forEach(EchoPeer::close);
        if (server != null) {
            server.close();
        }
    }

    private static Program program(Run run) {
        return Objects.requireNonNull(PROGRAMS.get(run));
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_NONE, names = "PEER_.*")
    void twoClientsRelayToEachOther(Run run) throws Exception {
        assumeTrue(run.isServed());
        Uclient client = Uclient.end(program(run), server);

        client.lostNothing((long) run.flows() * MESSAGES, MESSAGE_BYTES);
        assertThat(client.relayedAddresses())
                .as("%s", client.output())
                .isNotEmpty()
                .allMatch(address -> address.startsWith(run.relayAddress() + ":"));
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ALL, names = "PEER_.*")
    void thePeerSeesEveryByteFromARelayedAddress(Run run) throws Exception {
        EchoPeer peer = Objects.requireNonNull(PEERS.get(run));

        Uclient client = Uclient.end(program(run), server);

        long messages = (long) run.flows() * MESSAGES;
        client.lostNothing(messages, MESSAGE_BYTES);
        assertThat(peer.datagrams()).as("%s", client.output()).isEqualTo(messages);
        assertThat(peer.bytes()).isEqualTo(messages * MESSAGE_BYTES);
        assertThat(peer.sources()).hasSize(run.flows()).isSubsetOf(client.relayedAddresses());
    }

    @Test
    @ExclusivePorts
    void pairsForRtpAndRtcpStandOnAnEvenPortAndTheNext() throws Exception {
        Uclient client = Uclient.end(program(Run.RTP_AND_RTCP), server);

        List<Uclient.Relayed> relayed = client.relayed();
        long pairs = 0;
        for (int i = 0; i < relayed.size(); i++) {
            if (relayed.get(i).withReservation()) {
                assertThat(relayed.get(i).port() % 2).as(client.output()).isZero();
                continue;
            }
            assertThat(relayed.get(i).port())
                    .as(client.output())
                    .isEqualTo(relayed.get(i - 1).port() + 1);
            pairs++;
        }
        assertThat(pairs).as(client.output()).isEqualTo(CLIENTS);
    }
}
