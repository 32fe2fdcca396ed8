package dev.culvert.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.Requirements;
import dev.culvert.testkit.lab.LinuxNat;
import dev.culvert.testkit.lab.NatLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chromium, behind a NAT, gathers its server-reflexive candidate from our server. */
class ChromiumIT {
    private static final String PAGE = """
            <script>
            const peer = new RTCPeerConnection({iceServers: [{urls: "stun:203.0.113.1:3478"}]});
            peer.onicecandidate = event =>
                console.log(event.candidate ? "gathered " + event.candidate.candidate : "gathering complete");
            peer.onicecandidateerror = event => console.log("error " + event.errorCode + " " + event.errorText);
            peer.createDataChannel("any");
            peer.createOffer().then(offer => peer.setLocalDescription(offer));
            </script>
            """;

    @TempDir
    private Path folder;

    @BeforeAll
    static void theMachineCanDoIt() {
        Requirements.root();
        for (String command : List.of("unshare", "nsenter", "ip", "nft", "chromium")) {
            Requirements.command(command);
        }
    }

    @Test
    void chromiumGathersAServerReflexiveCandidate() throws IOException {
        Path page = Files.writeString(folder.resolve("page.html"), PAGE);
        Path serverLog = folder.resolve("stun-server.log");
        Path browserLog = folder.resolve("chromium.log");
        try (NatLab net = NatLab.behind(LinuxNat.MASQUERADE_INPUT_DROPPED)) {
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            String jar = System.getProperty("culvert.stun-server.jar");
            net.outside().start(serverLog, java, "-jar", jar, "--listen", "udp:203.0.113.1:3478", "--no-admin");
            awaitLine(serverLog, "ready");
            // The log on stderr is the one way out of the browser that needs no driver and no second connection.
            String chromium = "chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
                    + " --disable-background-networking --disable-component-update --disable-sync"
                    + " --enable-logging=stderr --remote-debugging-port=0"
                    + " --user-data-dir=" + folder.resolve("profile") + " " + page.toUri();

            net.client().start(browserLog, chromium.split(" "));

            awaitLine(browserLog, "gathering complete");
            assertThat(Files.readString(browserLog))
                    .containsPattern("gathered candidate:\\S+ 1 udp \\d+ 203\\.0\\.113\\.10 \\d+ typ srflx");
        }
    }

    private static void awaitLine(Path log, String text) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(log).content().contains(text));
    }
}
