package dev.culvert.server.io;

import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.log.Quoted;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.Username;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes every STUN message from and to one client or one user to the log, a line each, for a limited time: requests and
 * their answers, decoded, without what is secret. Application data are never looked at. Used by any thread.
 *
 * <p>When nobody is traced, it costs a request and an answer one look at one field.
 */
public final class ClientTrace {
    /** What traces write to; its lines are written whatever the log level is. */
    public static final String LOGGER = "trace";

    /** The longest that a trace lasts. */
    public static final Duration LONGEST = Duration.ofHours(1);

    /** After so many lines a trace ends, so that it fills no disk. */
    static final int MOST_LINES = 10_000;

    private static final int MOST_FLOWS = 1024;
    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

    private volatile @Nullable Active active;

    /** Who is traced. */
    public sealed interface Target {
        /** Whoever sends from {@code address}, whatever the port. */
        record Client(IpAddress address) implements Target {
            @Override
            public String toString() {
                return "client " + address;
            }
        }

        /**
         * The user {@code name}, from the first request that names it on. With time-limited credentials it is the part behind
         * the colon.
         */
        record User(String name) implements Target {
            @Override
            public String toString() {
                return "user " + new Quoted(name);
            }
        }
    }

    /** A trace that is under way. */
    public record Status(Target target, Duration left, int lines) {}

    private record Active(Target target, long untilNanos, Set<FiveTuple> flowsOfUser, AtomicInteger lines) {
        boolean isOver() {
            return untilNanos - System.nanoTime() <= 0 || lines.get() >= MOST_LINES;
        }
    }

    /** Traces nobody. */
    public ClientTrace() {}

    /**
     * Traces {@code target} from now on, and nobody else any more.
     *
     * @param duration at most {@link #LONGEST}
     * @throws IllegalArgumentException for a duration that is longer, or not positive
     */
    public void start(Target target, Duration duration) {
        if (duration.isNegative() || duration.isZero() || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "a trace lasts more than 0 and at most " + LONGEST.toSeconds() + " seconds, not " + duration);
        }
        long untilNanos = System.nanoTime() + duration.toNanos();
        LOG.info("trace of {} begins, for {} s", target, duration.toSeconds());
        active = new Active(target, untilNanos, ConcurrentHashMap.newKeySet(), new AtomicInteger());
    }

    /** Traces nobody any more. */
    public void stop() {
        Active ended = active;
        active = null;
        if (ended != null) {
            LOG.info(
                    "trace of {} ends after {} messages",
                    ended.target(),
                    ended.lines().get());
        }
    }

    /** The trace that is under way. */
    public Optional<Status> status() {
        Active now = current();
        return now == null
                ? Optional.empty()
                : Optional.of(new Status(
                        now.target(),
                        Duration.ofNanos(Math.max(0, now.untilNanos() - System.nanoTime())),
                        now.lines().get()));
    }

    /** Whether anybody is traced. */
    boolean isOn() {
        return active != null;
    }

    /** Takes a message from a client; its bytes are lent. */
    void received(FiveTuple flow, ByteBuffer bytes, int offset, int lengthBytes) {
        Active now = current();
        if (now == null) {
            return;
        }
        StunMessage message = new StunMessage();
        Malformation malformation = message.wrap(bytes, offset, lengthBytes);
        if (malformation == Malformation.NONE) {
            follow(now, flow, message);
        }
        if (concerns(now, flow)) {
            write(now, "received", flow, malformation, message, lengthBytes);
        }
    }

    /** Takes an answer to a client; its bytes, between position and limit, are lent. */
    void sent(FiveTuple flow, ByteBuffer bytes) {
        Active now = current();
        if (now == null || !concerns(now, flow)) {
            return;
        }
        StunMessage message = new StunMessage();
        Malformation malformation = message.wrap(bytes, bytes.position(), bytes.remaining());
        write(now, "sent", flow, malformation, message, bytes.remaining());
    }

    private @Nullable Active current() {
        Active now = active;
        if (now != null && now.isOver()) {
            stop();
            return null;
        }
        return now;
    }

    private static void follow(Active now, FiveTuple flow, StunMessage message) {
        if (now.target() instanceof Target.User user
                && now.flowsOfUser().size() < MOST_FLOWS
                && message.get(Username.TYPE)
                        .filter(named -> isOf(user, named.name()))
                        .isPresent()) {
            now.flowsOfUser().add(flow);
        }
    }

    private static boolean isOf(Target.User user, String username) {
        return username.equals(user.name())
                || username.substring(username.indexOf(':') + 1).equals(user.name());
    }

    private static boolean concerns(Active now, FiveTuple flow) {
        return now.target() instanceof Target.Client client
                ? client.address().equals(flow.remote().ip())
                : now.flowsOfUser().contains(flow);
    }

    private static void write(
            Active now, String what, FiveTuple flow, Malformation malformation, StunMessage message, int lengthBytes) {
        boolean isSound = malformation == Malformation.NONE;
        // They carry application data.
        if (isSound && message.messageClass() == MessageClass.INDICATION) {
            return;
        }
        now.lines().incrementAndGet();
        LOG.atInfo()
                .addKeyValue("client", flow.remote().toString())
                .addKeyValue("transport", flow.transport().name().toLowerCase(Locale.ROOT))
                .addKeyValue("bytes", lengthBytes)
                .addKeyValue("transaction", isSound ? message.transactionId().toString() : "-")
                .addKeyValue(
                        "attributes", new Quoted(isSound ? MessageLine.attributes(message) : malformation.meaning()))
                .log("{} {}", what, isSound ? MessageLine.name(message) : "no STUN message");
    }
}
