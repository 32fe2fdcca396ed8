package dev.culvert.ice.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.SocketId;
import dev.culvert.ice.StunTransactions;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Rfc;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AskerTest {
    private static final TransportAddress SERVER =
            TransportAddress.parse("198.51.100.1:3478").orElseThrow();
    private static final Duration LIMIT = Duration.ofMillis(50);

    @Test
    @Rfc("8489#6.2")
    void tenAreAskedAtATimeAndTheOthersWhenTheseHaveEnded() {
        AtomicInteger sent = new AtomicInteger();
        StunTransactions transactions = new StunTransactions((socket, to, bytes) -> sent.incrementAndGet());
        RetransmissionSchedule once = RetransmissionSchedule.probe().within(LIMIT);
        Asker asker = new Asker(transactions, once, new SplittableRandom(1));
        for (int i = 0; i < 15; i++) {
            asker.ask(Wording.binding("Binding"), new SocketId(i), SERVER, ended -> {});
        }

        assertThat(sent).hasValue(10);
        asker.at(LIMIT.toNanos());
        transactions.onTimeout(LIMIT.toNanos());
        assertThat(sent).hasValue(15);
        assertThat(asker.isIdle()).isFalse();
    }
}
