package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.testkit.Requirements;
import dev.culvert.testkit.lab.LinuxNat;
import dev.culvert.testkit.lab.NatLab;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server behind a NAT, which learns its public address from a STUN server in front of it. */
@Tag("portable")
class ExternalAddressIT {
    private static final String INSIDE = "192.168.7.2";
    private static final String OUTSIDE = "203.0.113.1";

    @TempDir
    private Path folder;

    @BeforeEach
    void theMachineCanDoIt() {
        Requirements.networkNamespaces();
        for (String command : List.of("nsenter", "ip", "nft")) {
            Requirements.command(command);
        }
    }

    @Test
    void clientsAreToldThePublicAddress() throws Exception {
        Scripts scripts = Scripts.in(folder, "aioice");
        try (NatLab lab = NatLab.behind(LinuxNat.MASQUERADE_INPUT_DROPPED);
                TurnServerUnderTest stun = TurnServerUnderTest.start(
                        new TurnServerOptions().runBy(lab.outside()::start).on(OUTSIDE), folder);
                TurnServerUnderTest relay = TurnServerUnderTest.start(
                        new TurnServerOptions()
                                .runBy(lab.client()::start)
                                .on(INSIDE)
                                .with("--external-address", "auto", "--stun", "stun:" + OUTSIDE + ":" + stun.port()),
                        folder);
                TurnClient client =
                        new TurnClient.Starter(scripts, lab.client()::start, relay, List.of()).allocated("udp")) {
            assertThat(client.allocated()).isEqualTo(1);
            assertThat(relay.program().output())
                    .contains("clients are told " + NatLab.ROUTER_ADDRESS + ", as stun:" + OUTSIDE);
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() ->
                            assertThat(relay.program().output()).contains("relayed=" + NatLab.ROUTER_ADDRESS + ":"));
        }
    }

    @Test
    void withoutAnAnswerTheStartFailsAndSaysWhom() throws Exception {
        int nobody = FreePort.pick();
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                System.getProperty("culvert.turn-relay.jar"),
                "--no-admin",
                "--realm=example.org",
                "--user=alice:wonderland",
                "--listen=udp:127.0.0.1:0",
                "--external-address=auto",
                "--stun=stun:127.0.0.1:" + nobody);
        try (Program program = Program.start(Launcher.HERE, folder, "server", command)) {
            assertThat(program.exitCode(Program.PATIENCE)).isEqualTo(1);
            assertThat(program.output())
                    .contains(
                            "--external-address auto: stun:127.0.0.1:" + nobody + " does not tell the public address: ")
                    .contains("; name another --stun, or write the address");
        }
    }
}
