package dev.culvert.relay.usage;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Whom a server tells what its allocations use.
 *
 * @param file the file of events; empty for none
 * @param webhook where events are posted; empty for nowhere
 * @param interval how often an allocation is told while it lasts
 */
public record UsageConfig(Optional<EventFile> file, Optional<Webhook> webhook, Duration interval) {
    /** Nobody is told. */
    public static final UsageConfig OFF = new UsageConfig(Optional.empty(), Optional.empty(), Duration.ofMinutes(1));

    /**
     * A file to which events are appended.
     *
     * @param mostBytes after which it gets another name and a new one is begun
     */
    public record EventFile(Path path, long mostBytes) {}

    /**
     * An endpoint that takes events. Its text shows no more of the address than the host.
     *
     * @param secretFile holds the secrets that deliveries are signed with; read for each of them
     * @param queueFolder keeps what the endpoint has not taken
     * @param queueBytes the most that is kept
     */
    public record Webhook(URI uri, Path secretFile, Path queueFolder, long queueBytes) {
        @Override
        public String toString() {
            return "Webhook[" + uri.getHost() + "]";
        }
    }

    /** Whether there is nobody to tell. */
    public boolean isOff() {
        return file.isEmpty() && webhook.isEmpty();
    }
}
