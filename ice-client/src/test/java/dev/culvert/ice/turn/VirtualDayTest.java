package dev.culvert.ice.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.VirtualClock;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A day with one peer by channel and one by indications, one packet in five of the control path lost. */
class VirtualDayTest {
    private static final TransportAddress BOUND =
            TransportAddress.parse("203.0.113.5:6000").orElseThrow();
    private static final TransportAddress PERMITTED =
            TransportAddress.parse("203.0.113.6:7000").orElseThrow();
    private static final byte[] PAYLOAD = "tick".getBytes(StandardCharsets.US_ASCII);
    private static final int MINUTES = 24 * 60;

    static long[] hostileStarts() {
        return VirtualClock.hostileStarts();
    }

    @ParameterizedTest
    @MethodSource("hostileStarts")
    @Rfc({"8656#8 (1)", "8656#9 (1)", "8656#12 (4)"})
    void nothingExpiresForADayThoughNoncesDo(long startNanos) {
        TurnFlow flow = new TurnFlow(startNanos, TurnClient.Transport.DATAGRAM, ScriptedRealm.USER);
        flow.server.realm.offered = List.of(PasswordAlgorithm.SHA_256, PasswordAlgorithm.MD5);
        flow.allocated();
        flow.bindChannel(BOUND);
        flow.permit(PERMITTED);
        flow.events.clear();
        Random luck = new Random(5);
        flow.loses = () -> luck.nextInt(5) == 0;

        for (int minute = 0; minute < MINUTES; minute++) {
            if (minute % 7 == 0) {
                flow.server.realm.renewNonce();
            }
            flow.client.send(BOUND, ByteBuffer.wrap(PAYLOAD), flow);
            flow.client.send(PERMITTED, ByteBuffer.wrap(PAYLOAD), flow);
            flow.sendFromPeer(BOUND, PAYLOAD);
            flow.sendFromPeer(PERMITTED, PAYLOAD);
            flow.sent.clear();
            flow.run(Duration.ofSeconds(58));
        }

        assertThat(flow.events).isEmpty();
        assertThat(flow.server.dropped).isZero();
        assertThat(flow.server.relayed).hasSize(2 * MINUTES);
        assertThat(flow.data).hasSize(2 * MINUTES);
    }
}
