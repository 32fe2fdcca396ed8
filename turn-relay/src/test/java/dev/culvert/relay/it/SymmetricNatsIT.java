package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.Requirements;
import dev.culvert.testkit.lab.LinuxNat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two clients behind NATs in network namespaces: where no direct path is possible, the relay is one. */
class SymmetricNatsIT {
    @TempDir
    private Path folder;

    private Scripts scripts;

    @BeforeAll
    static void theMachineCanDoIt() {
        Requirements.networkNamespaces();
        for (String command : List.of("nsenter", "ip", "nft")) {
            Requirements.command(command);
        }
    }

    @BeforeEach
    void write() throws Exception {
        scripts = Scripts.in(folder, "aioice");
    }

    /** The control: in this laboratory a direct path is found where there is one. */
    @Test
    void behindPortPreservingNatsADirectPathIsFound() throws Exception {
        try (TwoNats nats = new TwoNats(LinuxNat.MASQUERADE_INPUT_DROPPED);
                TurnServerUnderTest server = server(nats);
                Program one = new IcePeer(scripts, nats.one()::start, server).direct(true);
                Program other = new IcePeer(scripts, nats.other()::start, server).direct(false)) {
            introduce(one, other);

            assertReceivedAll(one);
            assertReceivedAll(other);
        }
    }

    @Test
    void behindSymmetricNatsNoDirectPathIsFound() throws Exception {
        try (TwoNats nats = new TwoNats(LinuxNat.SYMMETRIC_RANDOM);
                TurnServerUnderTest server = server(nats);
                Program one = new IcePeer(scripts, nats.one()::start, server).direct(true);
                Program other = new IcePeer(scripts, nats.other()::start, server).direct(false)) {
            introduce(one, other);

            assertThat(one.awaitLine("failed ")).isEqualTo("\"ICE negotiation failed\"");
            assertThat(other.awaitLine("failed ")).isEqualTo("\"ICE negotiation failed\"");
            assertThat(one.awaitLine("local "))
                    .as("has learnt its public address")
                    .contains("203.0.113.10", "srflx");
            assertThat(other.awaitLine("local ")).contains("198.51.100.10", "srflx");
        }
    }

    @ParameterizedTest
    @CsvSource({"udp, udp", "udp, tcp"})
    void behindSymmetricNatsTheRelayIsAPath(String oneTransport, String otherTransport) throws Exception {
        try (TwoNats nats = new TwoNats(LinuxNat.SYMMETRIC_RANDOM);
                TurnServerUnderTest server = server(nats);
                Program one = relayed(nats.one()::start, server, oneTransport, true);
                Program other = relayed(nats.other()::start, server, otherTransport, false)) {
            introduce(one, other);

            for (Program peer : List.of(one, other)) {
                assertThat(peer.awaitLine("local "))
                        .contains(TwoNats.PUBLIC_ADDRESS)
                        .doesNotContain("host", "srflx");
                assertThat(peer.awaitLine("connected ")).isEqualTo("[\"relay\", \"relay\"]");
                assertReceivedAll(peer);
            }
        }
    }

    private TurnServerUnderTest server(TwoNats nats) throws IOException {
        return TurnServerUnderTest.start(
                new TurnServerOptions()
                        .runBy(nats.publicHost()::start)
                        .on(TwoNats.PUBLIC_ADDRESS)
                        .with("--allow-peer", "203.0.113.0/24"),
                folder);
    }

    private Program relayed(Launcher launcher, TurnServerUnderTest server, String transport, boolean controlling)
            throws IOException {
        return new IcePeer(scripts, launcher, server).relayedBy(transport, controlling, List.of());
    }

    private static void introduce(Program one, Program other) throws IOException {
        other.tell(one.awaitLine("local "));
        one.tell(other.awaitLine("local "));
    }

    private static void assertReceivedAll(Program peer) {
        assertThat(peer.awaitLine("received ")).isEqualTo(Integer.toString(IcePeer.bytes(IcePeer.MESSAGES)));
    }
}
