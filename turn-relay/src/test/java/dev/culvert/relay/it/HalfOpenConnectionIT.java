package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.testkit.Requirements;
import dev.culvert.testkit.lab.LinuxNat;
import dev.culvert.testkit.lab.NatLab;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A TCP client whose network fails: no packet comes any more, and no FIN or RST either. */
@Tag("portable")
class HalfOpenConnectionIT {
    private static final String SERVER = "203.0.113.1";
    /** Not on the server's host, which denies all of its own addresses; and not beyond what will be silent. */
    private static final String PEER = NatLab.ROUTER_ADDRESS;

    private static final String SILENCE =
            "table ip silence { chain forwarding { type filter hook forward priority filter; drop; }; }";

    @TempDir
    private Path folder;

    @Test
    void itsAllocationGoesAtItsLifetimeAndItsConnectionWhenIdle() throws Exception {
        Requirements.networkNamespaces();
        for (String command : List.of("nsenter", "ip", "nft", "ss")) {
            Requirements.command(command);
        }
        Scripts scripts = Scripts.in(folder, "aioice");
        try (NatLab net = NatLab.behind(LinuxNat.MASQUERADE_INPUT_OPEN);
                TurnServerUnderTest server = TurnServerUnderTest.start(options(net), folder);
                Program peer = scripts.start(net.router()::start, List.of(), "echo_peer.py", PEER, "0");
                TurnClient cut = clients(scripts, net.client()::start, server).allocated("tcp")) {
            int peerPort = Integer.parseInt(peer.awaitLine("port "));
            cut.echo(0, PEER, peerPort);
            assertThat(connections(net)).contains(NatLab.ROUTER_ADDRESS);

            net.router().nft(SILENCE);

            TurnClient.Starter others = clients(scripts, net.outside()::start, server);
            // The only relay port is taken until then.
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                try (TurnClient other = others.start("tcp", 1)) {
                    assertThat(other.allocated()).as("%s", other.program()).isEqualTo(1);
                    other.echo(0, PEER, peerPort);
                }
            });
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(connections(net)).doesNotContain(NatLab.ROUTER_ADDRESS));
        }
    }

    private static TurnServerOptions options(NatLab net) {
        return new TurnServerOptions()
                .runBy(net.outside()::start)
                .on(SERVER)
                .relayPorts(50000, 50000)
                .with("--relay-mode", "exclusive", "--allow-peer", PEER + "/32")
                .with("--default-lifetime", "3s", "--max-lifetime", "3s", "--idle-timeout", "5s");
    }

    private static TurnClient.Starter clients(Scripts scripts, Launcher launcher, TurnServerUnderTest server) {
        return new TurnClient.Starter(scripts, launcher, server, List.of());
    }

    /** The server's open connections. */
    private static String connections(NatLab net) {
        return net.outside().run("ss", "-tnH", "state", "established").check().out();
    }
}
