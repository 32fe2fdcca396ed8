package dev.culvert.ice.turn;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Octets;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.AlternateServer;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.PasswordAlgorithms;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.stun.attribute.XorRelayedAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Packets with a few bytes changed, while the client waits for an allocation and while it has one. */
class DamagedPacketsTest {
    private static final int PACKETS = 20_000;
    private static final TransportAddress PEER =
            TransportAddress.parse("203.0.113.5:6000").orElseThrow();

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @Test
    void noPacketMakesTheClientFail() {
        System.out.println("damaged packets, seed " + seed);

        assertThatCode(() -> {
                    for (int i = 0; i < PACKETS; i++) {
                        TurnFlow flow = TurnFlow.overUdp();
                        if (random.nextBoolean()) {
                            flow.allocated();
                        }
                        bother(flow);
                    }
                })
                .as("seed %d", seed)
                .doesNotThrowAnyException();
    }

    private void bother(TurnFlow flow) {
        flow.loses = () -> true;
        if (flow.client.relayed().isEmpty()) {
            flow.client.allocate(AllocateOptions.defaults(), flow.clock.nowNanos(), flow);
        } else {
            flow.client.permit(PEER.ip(), flow.clock.nowNanos(), flow);
        }
        for (int i = 0; i < 5; i++) {
            StunMessage request = new StunMessage();
            request.wrap(flow.sent.get(flow.sent.size() - 1));
            flow.deliver(damaged(packet(request)));
        }
    }

    private ByteBuffer packet(StunMessage request) {
        return switch (random.nextInt(5)) {
            case 0 ->
                ScriptedRealm.unsigned(
                        request,
                        MessageClass.ERROR_RESPONSE,
                        List.of(
                                ErrorCode.of(random.nextBoolean() ? 401 : 438),
                                new Realm("example.org"),
                                new Nonce("obMatJos2AAADx"),
                                PasswordAlgorithms.of(PasswordAlgorithm.SHA_256, PasswordAlgorithm.MD5)));
            case 1 ->
                ScriptedRealm.unsigned(
                        request, MessageClass.ERROR_RESPONSE, List.of(ErrorCode.of(300), new AlternateServer(PEER)));
            case 2 ->
                ScriptedRealm.unsigned(
                        request,
                        MessageClass.SUCCESS_RESPONSE,
                        List.of(new XorRelayedAddress(PEER), new XorMappedAddress(PEER), new Lifetime(0xFFFF_FFFFL)));
            case 3 -> ScriptedTurnServer.dataIndication(new XorPeerAddress(PEER), new Data(Octets.of(new byte[9])));
            default -> ScriptedTurnServer.channelData(0x4000, new byte[random.nextInt(9)]);
        };
    }

    /** Changes up to three bytes, of which the id is spared, for else nothing but the id would be looked at. */
    private ByteBuffer damaged(ByteBuffer packet) {
        for (int i = random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(packet.limit());
            if (at < 4 || at >= StunMessage.HEADER_LENGTH) {
                packet.put(at, (byte) random.nextInt());
            }
        }
        return packet;
    }
}
