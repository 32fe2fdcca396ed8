package dev.culvert.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import dev.culvert.server.config.ServerConfig.Log;
import dev.culvert.server.io.ClientTrace;
import dev.culvert.server.log.RepeatFilter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** Sets logging up: everything goes to standard error, one line an event, Vert.x and Netty included. */
public final class Logging {
    /** What scripts wait for ({@code listening …}, {@code ready}): always written, in text without time and level. */
    static final String ANNOUNCEMENTS = "dev.culvert.announcement";

    private static final int SWEEP_SECONDS = 10;

    private Logging() {}

    /** Writes from now on what {@code log} says. */
    public static void configure(Log log) {
        System.setProperty("vertx.logger-delegate-factory-class-name", "io.vertx.core.logging.SLF4JLogDelegateFactory");
        LoggerContext context = context();
        context.reset();
        ConsoleAppender<ILoggingEvent> standardError = standardError(context, log.format());
        standardError.addFilter(repeats(context));
        root().addAppender(standardError);
        context.getLogger(ANNOUNCEMENTS).setLevel(Level.INFO);
        context.getLogger(ClientTrace.LOGGER).setLevel(Level.INFO);
        // Vert.x registers its gauges anew with every request, which Micrometer warns of and otherwise ignores.
        context.getLogger("io.micrometer.core.instrument.MeterRegistry").setLevel(Level.ERROR);
        level(log.level());
    }

    /** From which level on is logged. */
    static Log.Level level() {
        return Log.Level.valueOf(root().getLevel().toString());
    }

    /** Logs from {@code level} on. */
    static void level(Log.Level level) {
        root().setLevel(Level.valueOf(level.name()));
        // What the libraries tell at this level is of use to their developers only.
        context().getLogger("io").setLevel(level == Log.Level.DEBUG ? Level.INFO : null);
    }

    private static LoggerContext context() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }

    private static Logger root() {
        return context().getLogger(Logger.ROOT_LOGGER_NAME);
    }

    /** Tells those who wait for this line. */
    static void announce(String line) {
        LoggerFactory.getLogger(ANNOUNCEMENTS).info(line);
    }

    private static RepeatFilter repeats(LoggerContext context) {
        RepeatFilter repeats = new RepeatFilter(System::nanoTime);
        repeats.start();
        ScheduledFuture<?> sweeping = context.getScheduledExecutorService()
                .scheduleWithFixedDelay(repeats::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
        context.addScheduledFuture(sweeping); // ended by the next configuration
        return repeats;
    }

    private static ConsoleAppender<ILoggingEvent> standardError(LoggerContext context, Log.Format format) {
        LayoutBase<ILoggingEvent> layout = format == Log.Format.JSON ? new JsonLines() : new TextLines();
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setLayout(layout);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }
}
