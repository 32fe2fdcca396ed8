package dev.culvert.server.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopPulseTest {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private final LoopPulse pulse = LoopPulse.of(vertx, 2);

    @AfterEach
    void close() {
        vertx.close();
    }

    @Test
    void oneLoopThatHangsHoldsThePulse() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        EventLoops.of(vertx, 2).contexts().get(1).runOnContext(on -> {
            hanging.countDown();
            awaitOn(release);
        });
        hanging.await();

        Future<Void> beat = pulse.beat();
        LoopPulse.of(vertx, 1).beat().await(10, TimeUnit.SECONDS);

        assertThat(beat.isComplete()).isFalse();
        release.countDown();
        beat.await(10, TimeUnit.SECONDS);
    }

    private static void awaitOn(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
