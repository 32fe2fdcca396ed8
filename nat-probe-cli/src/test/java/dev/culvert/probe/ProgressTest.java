package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ProgressTest {
    private final StringWriter terminal = new StringWriter();
    private long nowNanos = Long.MAX_VALUE - 5;
    private final Progress progress = new Progress(new PrintWriter(terminal), () -> nowNanos);

    @Test
    void whatEndsWithinASecondShowsNothing() {
        progress.waitFor("answers", Duration.ofSeconds(5));
        pass(Duration.ofMillis(999));

        progress.draw();
        progress.close();

        assertThat(terminal.toString()).isEmpty();
    }

    @Test
    void laterTheLineCountsDownInPlace() {
        progress.waitFor("answers", Duration.ofSeconds(5));
        pass(Duration.ofSeconds(2));
        progress.draw();
        pass(Duration.ofSeconds(1));
        progress.draw();

        assertThat(terminal.toString())
                .isEqualTo("\r\u001b[Kwaiting for answers, 3 s at most\r\u001b[Kwaiting for answers, 2 s at most");
    }

    @Test
    void longWaitsAreTheirMinutes() {
        progress.waitFor("7 rungs", Duration.ofSeconds(605));
        pass(Duration.ofSeconds(2));

        progress.draw();

        assertThat(terminal.toString()).endsWith("waiting for 7 rungs, 10 min 03 s at most");
    }

    @Test
    void clearedLineComesBackAndAClosedOneDoesNot() {
        progress.waitFor("answers", Duration.ofSeconds(5));
        pass(Duration.ofSeconds(2));
        progress.draw();

        progress.clear();
        progress.clear();
        progress.draw();
        progress.close();
        progress.draw();

        String line = "\r\u001b[Kwaiting for answers, 3 s at most";
        assertThat(terminal.toString()).isEqualTo(line + "\r\u001b[K" + line + "\r\u001b[K");
    }

    private void pass(Duration time) {
        nowNanos += time.toNanos();
    }
}
