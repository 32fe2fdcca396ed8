package dev.culvert.probe;

import dev.culvert.ice.portmap.PortMapEvent;
import dev.culvert.ice.vertx.PortMappings;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Holds a mapping for a time, tells what becomes of it, and removes it whatever happens. Thread-safe. */
final class GatewayHold {
    /** Longer than a silent router can delay the end of a {@link PortMappings}. */
    private static final Duration FAREWELL = Duration.ofSeconds(15);

    private static final Duration ALWAYS = Duration.ofDays(36_500);

    private final Console console;
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicBoolean isRemoved = new AtomicBoolean();

    GatewayHold(Console console) {
        this.console = console;
    }

    void onEvent(PortMapEvent event) {
        if (event instanceof PortMapEvent.Lost lost) {
            console.warn("the mapping of " + lost.mapping().external() + " was lost: "
                    + lost.failure().text());
        } else if (event instanceof PortMapEvent.RouterRestarted restarted) {
            console.warn("the router was restarted, as it says by "
                    + restarted.via().text() + "; the mapping is made again");
        } else if (event instanceof PortMapEvent.NotRemoved kept) {
            console.warn("the mapping was not removed; it runs out by itself unless it is without a lease: "
                    + kept.failure().text());
        }
    }

    /** Has the mapping removed before Ctrl-C or a kill ends this program. */
    void removeOnSignal(PortMappings mappings) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            end.countDown();
            remove(mappings);
        }));
    }

    /** Returns when the time is over; without a time, when the program is ended. */
    void hold(Optional<Duration> time) {
        try (Progress progress = console.progress()) {
            time.ifPresentOrElse(
                    wanted -> progress.waitFor("the end of the mapping", wanted),
                    () -> console.warn("the mapping is held until Ctrl-C"));
            end.await(time.orElse(ALWAYS).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Removes the mapping, if there is one. */
    void remove(PortMappings mappings) {
        // The loop may be gone, too.
        if (isRemoved.get()) {
            return;
        }
        try {
            mappings.close().toCompletionStage().toCompletableFuture().get(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
            isRemoved.set(true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            console.warn(
                    "the router was not told that the mapping is over: " + e.getMessage() + "; it runs out by itself");
        }
    }
}
