package dev.culvert.ice.nat;

import static dev.culvert.ice.nat.ScriptedServer.A1P1;
import static dev.culvert.ice.nat.ScriptedServer.A2P2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.SocketId;
import dev.culvert.ice.StunTransactions;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ReceiptOrigin;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BindingExchangeTest {
    private static final SocketId SOCKET = new SocketId(0);
    private static final TransportAddress STRANGER =
            TransportAddress.parse("192.0.2.66:3478").orElseThrow();

    private final StunTransactions transactions = new StunTransactions((socket, to, bytes) -> {});
    private final Prober prober = new Prober(transactions, RetransmissionSchedule.probe(), new Random(1));
    private final BindingExchange exchange = prober.changed("F1", SOCKET, A1P1, A2P2, 100, ended -> {});

    private void receive(TransportAddress from, MessageClass messageClass, Attribute... attributes) {
        ByteBuffer bytes = ByteBuffer.allocate(200);
        StunWriter writer = new StunWriter()
                .begin(
                        bytes,
                        messageClass,
                        StunMethod.BINDING,
                        exchange.transaction().request().id());
        for (Attribute attribute : attributes) {
            writer.add(attribute);
        }
        transactions.onMessage(SOCKET, from, bytes.flip(), 0);
    }

    @Test
    void receiptCountsFromTheAskedServerAndAboutTheRightSourceAlone() {
        receive(STRANGER, MessageClass.INDICATION, new ReceiptOrigin(A2P2));
        receive(A2P2, MessageClass.INDICATION, new ReceiptOrigin(A2P2));
        receive(A1P1, MessageClass.INDICATION, new ReceiptOrigin(STRANGER));
        receive(A1P1, MessageClass.INDICATION);
        assertThat(exchange.provenAnswers()).isZero();

        receive(A1P1, MessageClass.INDICATION, new ReceiptOrigin(A2P2));
        assertThat(exchange.provenAnswers()).isEqualTo(1);
    }

    @Test
    void copiesOfAReceiptProveNoMoreThanTheSends() {
        for (int i = 0; i < 50; i++) {
            receive(A1P1, MessageClass.INDICATION, new ReceiptOrigin(A2P2));
        }

        assertThat(exchange.provenAnswers()).isEqualTo(1);
    }

    @Test
    void lateAnswerIsAnAnswer() {
        for (int millis = 0; millis < 5000; millis += 100) {
            transactions.onTimeout(Duration.ofMillis(millis).toNanos());
        }
        assertThat(exchange.hasEnded()).isTrue();
        assertThat(exchange.reached()).isFalse();

        receive(A2P2, MessageClass.SUCCESS_RESPONSE);

        assertThat(exchange.reached()).isTrue();
        assertThat(exchange.succeeded()).isTrue();
    }

    @Test
    void packetFromTheRightSourceHasGotThroughWhateverItIs() {
        receive(A2P2, MessageClass.ERROR_RESPONSE);

        assertThat(exchange.reached()).isTrue();
        assertThat(exchange.succeeded()).isFalse();
    }
}
