package dev.culvert.probe;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command that runs for ever end by Ctrl-C, or SIGTERM, with an exit code of its own. The JVM itself would end with
 * 130 or 143, in the middle of a line.
 */
final class Interruption implements AutoCloseable {
    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::onShutdown, "interruption");
    private volatile int exit;

    Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** The exit code if it were to end now. */
    void exitWith(int newExit) {
        exit = newExit;
    }

    boolean isAsked() {
        return asked.getCount() == 0;
    }

    /** Waits so long, or until the end is asked for. */
    void await(Duration pause) {
        try {
            boolean interrupted = asked.await(pause.toMillis(), TimeUnit.MILLISECONDS);
            if (interrupted) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            asked.countDown();
        }
    }

    private void onShutdown() {
        asked.countDown();
        try {
            if (!ended.await(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(exit);
    }

    /** What is to be printed has been printed. */
    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            asked.countDown();
        }
    }
}
