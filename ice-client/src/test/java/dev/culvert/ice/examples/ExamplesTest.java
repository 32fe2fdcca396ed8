package dev.culvert.ice.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.gather.Candidate;
import dev.culvert.ice.vertx.NatPmpRouter;
import dev.culvert.ice.vertx.PortMappingOptions;
import dev.culvert.ice.vertx.PortMappings;
import dev.culvert.stun.IpAddress;
import dev.culvert.testkit.Requirements;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The examples that need no program beside them. */
class ExamplesTest {
    private static final String HOST = "candidate:1 1 UDP 2130706431 192.0.2.3 5000 typ host";

    @Test
    void candidateIsReadAndWritten() {
        assertThat(ReadDescriptions.hostLine(HOST)).contains("a=" + HOST);
        assertThat(ReadDescriptions.hostLine(
                        "candidate:2 1 UDP 1694498815 198.51.100.7 5000 typ srflx " + "raddr 192.0.2.3 rport 5000"))
                .isEmpty();
    }

    @Test
    void descriptionIsRead() {
        List<Candidate> remote = new ArrayList<>();
        List<String> passwords = new ArrayList<>();
        String sdp = "v=0\r\na=ice-ufrag:8hhY\r\na=ice-pwd:asd88fgpdd777uzjYhagZg\r\nm=audio 5000 RTP/AVP 0\r\na="
                + HOST + "\r\n";

        ReadDescriptions.read(sdp, remote::add, passwords::add);

        assertThat(remote).hasSize(1);
        assertThat(passwords).containsExactly("asd88fgpdd777uzjYhagZg");
    }

    @Test
    void portIsMappedAndToldToThePeer() throws Exception {
        Requirements.linux();
        Vertx vertx = Vertx.vertx();
        NatPmpRouter.start(vertx, "127.0.0.87", removed -> {}).await();
        CompletableFuture<String> signalled = new CompletableFuture<>();

        PortMappings mappings = new UseTheShell(vertx)
                .map(
                        PortMappingOptions.defaults()
                                .withGateway(IpAddress.parse("127.0.0.87").orElseThrow()),
                        external -> signalled.complete(external.toString()))
                .await();

        assertThat(signalled.get(30, TimeUnit.SECONDS)).isEqualTo("198.51.100.9:5000");
        mappings.close().await();
        vertx.close().await();
    }
}
