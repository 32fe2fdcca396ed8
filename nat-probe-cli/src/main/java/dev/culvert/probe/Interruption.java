package dev.culvert.probe;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command that runs for ever end by Ctrl-C, or SIGTERM, with an exit code of its own. The JVM itself would end with
 * 130 or 143.
 */
final class Interruption implements AutoCloseable {
    /** Long enough to print and close, not for what waits for answers. */
    private static final Duration LONGEST_END = Duration.ofMillis(500);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private final Thread hook = new Thread(this::onShutdown, "interruption");
    private volatile int exit;

    Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** The exit code if it were to end now. */
    void exitWith(int newExit) {
        exit = newExit;
    }

    /** Waits for so long; true at once when the end is asked for. */
    boolean isAskedWithin(Duration pause) {
        try {
            return asked.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void onShutdown() {
        asked.countDown();
        ended.completeOnTimeout(false, LONGEST_END.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        Runtime.getRuntime().halt(exit);
    }

    /** All is printed and closed. */
    @Override
    public void close() {
        ended.complete(true);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // Then the hook runs, and ends the program.
        }
    }
}
