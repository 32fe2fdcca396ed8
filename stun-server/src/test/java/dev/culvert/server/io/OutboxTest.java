package dev.culvert.server.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private final Outbox outbox = new Outbox();
    private final List<String> flushed = new ArrayList<>();

    @Test
    void oneThatFailsKeepsNobodyElseFromBeingFlushed() {
        outbox.add(() -> flushed.add("before"));
        outbox.add(() -> {
            throw new IllegalStateException("broken");
        });
        outbox.add(() -> flushed.add("behind"));

        assertThatThrownBy(outbox::flush)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("broken");

        assertThat(flushed).containsExactly("before", "behind");
    }

    @Test
    void oneThatFailedIsNotFlushedAgain() {
        outbox.add(() -> {
            throw new IllegalStateException("broken");
        });
        assertThatThrownBy(outbox::flush).isInstanceOf(IllegalStateException.class);

        outbox.flush();

        assertThat(flushed).isEmpty();
    }

    @Test
    void whoComesDuringAFlushIsFlushedByIt() {
        outbox.add(() -> outbox.add(() -> flushed.add("late")));

        outbox.flush();

        assertThat(flushed).containsExactly("late");
    }
}
