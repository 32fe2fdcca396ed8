package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What fails around a server must not disturb it, nor anybody else. */
class FailuresIT {
    private static final String PEER = "127.0.0.2";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String INSUFFICIENT_CAPACITY = "508";
    private static final String[] SHORT_LIFETIMES = {"--default-lifetime", "3s", "--max-lifetime", "3s"};

    @TempDir
    private Path folder;

    private Scripts scripts;
    private TestCertificate certificate;

    @BeforeEach
    void prepare() throws Exception {
        Requirements.linux();
        Requirements.command("openssl");
        scripts = Scripts.in(folder, "aioice");
        certificate = TestCertificate.make(folder, "server");
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp", "tls"})
    void theOnlyRelayPortIsFreeAgainAfterItsClientWasKilled(String transport) throws Exception {
        int port = FreePort.pick();
        try (TurnServerUnderTest server = start(options().relayPorts(port, port).with(SHORT_LIFETIMES));
                EchoPeer peer = new EchoPeer(PEER);
                TurnClient first = clients(server).allocated(transport)) {
            first.echo(0, peer.address(), peer.port());
            try (TurnClient second = clients(server).start(transport, 1)) {
                assertThat(second.allocated()).isZero();
                assertThat(second.refusal()).contains(INSUFFICIENT_CAPACITY);
            }
            first.echo(0, peer.address(), peer.port());
            assertThat(peer.sources()).containsExactly("127.0.0.1:" + port);

            first.program().kill();

            awaitAllocation(server, transport);
        }
    }

    @Test
    void aPeerThatWasKilledDisturbsNobody() throws Exception {
        try (TurnServerUnderTest server = start(options());
                Program mortal = echoPeer(0);
                EchoPeer steady = new EchoPeer("127.0.0.3");
                TurnClient client = clients(server).start("udp", 2)) {
            int port = Integer.parseInt(mortal.awaitLine("port "));
            assertThat(client.allocated()).isEqualTo(2);
            client.echo(0, PEER, port);
            client.echo(1, steady.address(), steady.port());

            mortal.kill();
            // Each of these is answered with an ICMP "port unreachable", which the relay socket hears of.
            for (int i = 0; i < 50; i++) {
                client.send(0, PEER, port);
                client.echo(1, steady.address(), steady.port());
            }

            client.echo(0, steady.address(), steady.port());
            try (Program again = echoPeer(port)) {
                again.awaitLine("port ");
                // The socket may still report an earlier ICMP message in place of taking a datagram.
                await().atMost(PATIENCE).untilAsserted(() -> {
                    String echo = client.send(0, PEER, port);
                    await().atMost(Duration.ofSeconds(1))
                            .untilAsserted(() -> assertThat(client.echoes()).contains(echo));
                });
            }
        }
    }

    @Test
    void aHandshakeThatNeverEndsIsEnded() throws Exception {
        try (TurnServerUnderTest server = start(options().tls(certificate).with("--handshake-timeout", "2s"));
                EchoPeer peer = new EchoPeer(PEER);
                TurnClient client = clients(server).allocated("tls");
                Socket silent = new Socket(server.host(), server.tlsPort());
                Socket halfway = new Socket(server.host(), server.tlsPort())) {
            silent.setSoTimeout((int) PATIENCE.toMillis());
            halfway.setSoTimeout((int) PATIENCE.toMillis());
            // The beginning of a record that announces a ClientHello of 512 bytes.
            halfway.getOutputStream().write(HexFormat.of().parseHex("1603010200010001fc0303"));
            long started = System.nanoTime();

            int fromSilent = silent.getInputStream().read();
            int fromHalfway = halfway.getInputStream().read();

            Duration waited = Duration.ofNanos(System.nanoTime() - started);
            assertThat(fromSilent).isEqualTo(-1);
            assertThat(fromHalfway).isEqualTo(-1);
            assertThat(waited).isBetween(Duration.ofMillis(1500), Duration.ofSeconds(10));
            client.echo(0, peer.address(), peer.port());
            try (TurnClient late = clients(server).allocated("tls")) {
                late.echo(0, peer.address(), peer.port());
            }
        }
    }

    @Test
    void withoutFileDescriptorsNewAllocationsAreRefusedAndOthersGoOn() throws Exception {
        String limited = "ulimit -n 200; exec \"$@\"";
        String[] quotas = {"--max-allocations", "10000", "--max-allocations-per-user", "10000"};
        try (TurnServerUnderTest server =
                        start(options().prefixed("sh", "-c", limited, "sh").with(quotas));
                EchoPeer peer = new EchoPeer(PEER);
                TurnClient steady = clients(server).allocated("udp");
                TurnClient greedy = clients(server).start("udp", 1000)) {
            int got = greedy.allocated();
            assertThat(greedy.refusal()).as("%s", server.program()).contains(INSUFFICIENT_CAPACITY);
            assertThat(got).isBetween(10, 200);

            steady.echo(0, peer.address(), peer.port());
            greedy.echo(0, peer.address(), peer.port());
            greedy.echo(got - 1, peer.address(), peer.port());
            // A connection that there is no descriptor for.
            try (Socket waiting = new Socket(server.host(), server.port())) {
                steady.echo(0, peer.address(), peer.port());
                for (int i = 0; i < got; i++) {
                    greedy.release(i);
                }
                assertThat(waiting.isConnected()).isTrue();
            }

            awaitAllocation(server, "udp");
            awaitAllocation(server, "tcp");
            steady.echo(0, peer.address(), peer.port());
            assertThat(server.program().isRunning()).isTrue();
        }
    }

    private TurnServerOptions options() {
        return new TurnServerOptions().tls(certificate).with("--allow-peer", "127.0.0.0/8");
    }

    private TurnServerUnderTest start(TurnServerOptions options) throws IOException {
        return TurnServerUnderTest.start(options, folder);
    }

    private TurnClient.Starter clients(TurnServerUnderTest server) {
        List<String> trust = List.of("env", "SSL_CERT_FILE=" + certificate.certificate());
        return new TurnClient.Starter(scripts, Launcher.HERE, server, trust);
    }

    private Program echoPeer(int port) throws IOException {
        return scripts.start(Launcher.HERE, List.of(), "echo_peer.py", PEER, Integer.toString(port));
    }

    /** Tries until somebody gets an allocation that relays. */
    private void awaitAllocation(TurnServerUnderTest server, String transport) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            try (EchoPeer peer = new EchoPeer(PEER);
                    TurnClient client = clients(server).start(transport, 1)) {
                assertThat(client.allocated())
                        .as("%s\n%s", client.program(), server.program())
                        .isEqualTo(1);
                client.echo(0, peer.address(), peer.port());
            }
        });
    }
}
