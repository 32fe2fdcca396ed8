package dev.culvert.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What is left of many lines of one kind; docs/logs.md shows the last of them. */
class RepeatFilterTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);
    private final RepeatFilter filter = new RepeatFilter(nanos::get);
    private final Logger logger = (Logger) LoggerFactory.getLogger("repeat-filter-test");
    private final ListAppender<ILoggingEvent> written = new ListAppender<>();

    @BeforeEach
    void open() {
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        written.addFilter(filter);
        filter.start();
        written.start();
        logger.addAppender(written);
    }

    @AfterEach
    void close() {
        logger.detachAppender(written);
        logger.setLevel(null);
    }

    private List<String> lines() {
        return written.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private void warn(int times) {
        for (int i = 1; i <= times; i++) {
            logger.warn("cannot open port {}", i);
        }
    }

    @Test
    void theFirstAreWrittenAndTheOthersCounted() {
        warn(RepeatFilter.MOST + 1234);

        assertThat(lines()).hasSize(RepeatFilter.MOST).last().isEqualTo("cannot open port 10");
        filter.sweep();
        assertThat(lines()).hasSize(RepeatFilter.MOST);
        nanos.addAndGet(RepeatFilter.PERIOD_NANOS);
        filter.sweep();

        assertThat(lines())
                .hasSize(RepeatFilter.MOST + 1)
                .last()
                .isEqualTo("cannot open port 1244 … and 1234 more like this");
        assertThat(written.list.get(RepeatFilter.MOST).getLevel()).isEqualTo(Level.WARN);
    }

    @Test
    void linesOfTheNextPeriodAreWrittenAndTheCountOfThePeriodBeforeIsNotLost() {
        warn(RepeatFilter.MOST + 1);
        nanos.addAndGet(RepeatFilter.PERIOD_NANOS);

        logger.warn("cannot open port {}", 99);
        filter.sweep();

        assertThat(lines()).endsWith("cannot open port 99", "cannot open port 11 … and 1 more like this");
    }

    @Test
    void whatIsNotRepeatedIsNotCounted() {
        warn(RepeatFilter.MOST);
        nanos.addAndGet(RepeatFilter.PERIOD_NANOS);

        filter.sweep();

        assertThat(lines()).hasSize(RepeatFilter.MOST);
    }

    @Test
    void otherMessagesAndWhatIsNoWarningAreNoRepeats() {
        warn(RepeatFilter.MOST);
        for (int i = 0; i < 100; i++) {
            logger.info("allocation created");
        }
        logger.warn("something else");
        logger.error("and this");

        assertThat(lines()).hasSize(RepeatFilter.MOST + 102);
    }

    @Test
    void linesOfAKindAreRepeatsOfEachOtherAlone() {
        for (int i = 0; i < RepeatFilter.MOST + 5; i++) {
            for (String prefix : List.of("198.51.100.0/24", "203.0.113.0/24")) {
                logger.atInfo()
                        .addKeyValue("client", prefix)
                        .addMarker(LineKind.of(prefix))
                        .log("refused");
            }
        }
        nanos.addAndGet(RepeatFilter.PERIOD_NANOS);
        filter.sweep();

        assertThat(lines()).hasSize(2 * RepeatFilter.MOST + 2).endsWith("refused … and 5 more like this");
        assertThat(written.list.get(2 * RepeatFilter.MOST).getKeyValuePairs())
                .extracting(pair -> pair.key + "=" + pair.value)
                .containsExactly("client=198.51.100.0/24", "repeats=5");
    }

    @Test
    void kindsWithoutEndTakeNoMemoryWithoutEndAndLoseNoCount() {
        for (int i = 0; i < RepeatFilter.MOST + 3; i++) {
            logger.atInfo().addMarker(LineKind.of("first")).log("refused");
        }

        for (int i = 0; i < 2 * RepeatFilter.MOST_KINDS; i++) {
            logger.atInfo().addMarker(LineKind.of("kind " + i)).log("refused");
        }
        filter.sweep();

        assertThat(lines())
                .hasSize(RepeatFilter.MOST + 2 * RepeatFilter.MOST_KINDS + 1)
                .contains("refused … and 3 more like this");
    }
}
