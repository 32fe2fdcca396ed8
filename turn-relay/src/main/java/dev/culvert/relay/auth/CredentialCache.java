package dev.culvert.relay.auth;

import dev.culvert.server.core.FiveTuple;
import dev.culvert.stun.StunMessage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What external stores answered a moment ago, and which requests wait for an answer. Mutable, owned by one thread; all
 * of it is capped, whatever comes from the network.
 *
 * <p>An {@link Authenticator} that misses a credential here leaves the request to wait and says
 * {@link Authentication.NeedCredential}. Once the store has answered, {@link #answered}, or {@link #onTimeout} in its
 * place, gives back the requests that waited; submitted again, they find the answer here.
 */
public final class CredentialCache {
    /** The longest request that waits; longer ones carry nothing that TURN needs. */
    private static final int MAX_REQUEST_BYTES = 2048;

    private final boolean hasStores;
    private final SecurityOffer offer;
    private final Limits limits;
    private final Map<ClaimedUser, Remembered> found;
    private final Map<ClaimedUser, Remembered> notFound;

    /** In the order of their deadlines, since all wait equally long. */
    private final Map<ClaimedUser, Lookup> lookups = new LinkedHashMap<>();

    private int waiting;

    /**
     * How much is kept, and how long.
     *
     * @param maxFound users that are known
     * @param maxNotFound users that are not known or could not be asked for
     * @param maxLookups users that are being asked for
     * @param maxWaiting requests that wait, in all
     * @param foundFor how long a changed password may go unnoticed
     * @param unknownFor how long a new user may go unnoticed
     * @param failedFor how long a store that failed is left alone with the same question
     * @param lookupTimeout how long a store may take
     */
    public record Limits(
            int maxFound,
            int maxNotFound,
            int maxLookups,
            int maxWaiting,
            Duration foundFor,
            Duration unknownFor,
            Duration failedFor,
            Duration lookupTimeout) {
        /** Some megabytes at most, for each event loop. */
        public static final Limits DEFAULT = new Limits(
                10_000,
                10_000,
                256,
                1024,
                Duration.ofMinutes(1),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                Duration.ofSeconds(3));

        public Limits {
            if (Math.min(Math.min(maxFound, maxNotFound), Math.min(maxLookups, maxWaiting)) < 1) {
                throw new IllegalArgumentException("a cache holds at least one of everything");
            }
        }
    }

    /** What becomes of a request whose credential is not in memory. */
    enum Admission {
        /** It waits, and the store is to be asked. */
        ASK,
        /** It waits for the answer that another request waits for already. */
        WAITS,
        /** It is a retransmission of one that waits; nothing is to be done. */
        RETRANSMISSION,
        /** There is no room; it is to be answered with 500. */
        FULL
    }

    private record Remembered(LookupAnswer answer, long untilNanos) {}

    private record Lookup(long deadlineNanos, List<WaitingRequest> waiting) {}

    private CredentialCache(boolean hasStores, SecurityOffer offer, Limits limits) {
        this.hasStores = hasStores;
        this.offer = offer;
        this.limits = limits;
        this.found = leastRecentlyUsed(limits.maxFound());
        this.notFound = leastRecentlyUsed(limits.maxNotFound());
    }

    /** A cache of what stores answer that serve {@code offer}. */
    public static CredentialCache of(SecurityOffer offer, Limits limits) {
        return new CredentialCache(true, offer, limits);
    }

    /** The cache of a server without external stores: whom the memory does not know is unknown. */
    public static CredentialCache withoutStores() {
        return new CredentialCache(false, SecurityOffer.ALL, Limits.DEFAULT);
    }

    private static <V> Map<ClaimedUser, V> leastRecentlyUsed(int max) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<ClaimedUser, V> eldest) {
                return size() > max;
            }
        };
    }

    SecurityOffer offer() {
        return offer;
    }

    /** How long a look-up may take. */
    long lookupNanos() {
        return limits.lookupTimeout().toNanos();
    }

    /** What is remembered of {@code user}; empty where the store has to be asked. */
    Optional<LookupAnswer> find(ClaimedUser user, long nowNanos) {
        if (!hasStores) {
            return Optional.of(new LookupAnswer.Unknown());
        }
        return recall(found, user, nowNanos).or(() -> recall(notFound, user, nowNanos));
    }

    private static Optional<LookupAnswer> recall(
            Map<ClaimedUser, Remembered> answers, ClaimedUser user, long nowNanos) {
        Remembered remembered = answers.get(user);
        if (remembered == null) {
            return Optional.empty();
        }
        if (nowNanos - remembered.untilNanos >= 0) {
            answers.remove(user);
            return Optional.empty();
        }
        return Optional.of(remembered.answer);
    }

    /** Keeps a copy of {@code request} until {@code user} has been looked up. */
    Admission await(ClaimedUser user, FiveTuple flow, StunMessage request, long nowNanos) {
        WaitingRequest copy = new WaitingRequest(flow, request.transactionId(), copyOf(request), nowNanos);
        Lookup running = lookups.get(user);
        if (running != null && running.waiting.stream().anyMatch(copy::isRetransmittedAs)) {
            return Admission.RETRANSMISSION;
        }
        boolean full = waiting >= limits.maxWaiting() || running == null && lookups.size() >= limits.maxLookups();
        if (full || request.lengthBytes() > MAX_REQUEST_BYTES) {
            return Admission.FULL;
        }
        waiting++;
        if (running != null) {
            running.waiting.add(copy);
            return Admission.WAITS;
        }
        long deadlineNanos = nowNanos + lookupNanos();
        lookups.put(user, new Lookup(deadlineNanos, new ArrayList<>(List.of(copy))));
        return Admission.ASK;
    }

    private static ByteBuffer copyOf(StunMessage request) {
        byte[] bytes = new byte[request.lengthBytes()];
        request.buffer().get(request.offset(), bytes);
        return ByteBuffer.wrap(bytes);
    }

    /**
     * Remembers what the store answered, late answers included.
     *
     * @return the requests to be submitted again
     */
    public List<WaitingRequest> answered(ClaimedUser user, LookupAnswer answer, long nowNanos) {
        remember(user, answer, nowNanos);
        Lookup done = lookups.remove(user);
        return done == null ? List.of() : released(done);
    }

    /**
     * Gives up the look-ups whose time is over.
     *
     * @return the requests to be submitted again
     */
    public List<WaitingRequest> onTimeout(long nowNanos) {
        List<WaitingRequest> released = new ArrayList<>();
        Iterator<Map.Entry<ClaimedUser, Lookup>> oldestFirst =
                lookups.entrySet().iterator();
        while (oldestFirst.hasNext()) {
            Map.Entry<ClaimedUser, Lookup> lookup = oldestFirst.next();
            if (nowNanos - lookup.getValue().deadlineNanos < 0) {
                break;
            }
            oldestFirst.remove();
            remember(lookup.getKey(), new LookupAnswer.Failed("no answer in time"), nowNanos);
            released.addAll(released(lookup.getValue()));
        }
        return released;
    }

    /** When {@link #onTimeout} has something to do, which is also until when the store may answer. */
    public OptionalLong nextDeadlineNanos() {
        return lookups.values().stream().mapToLong(Lookup::deadlineNanos).findFirst();
    }

    /** Forgets what is known, after a reload; what is being looked up goes on. */
    public void forget() {
        found.clear();
        notFound.clear();
    }

    private List<WaitingRequest> released(Lookup lookup) {
        waiting -= lookup.waiting.size();
        return lookup.waiting;
    }

    private void remember(ClaimedUser user, LookupAnswer answer, long nowNanos) {
        found.remove(user);
        notFound.remove(user);
        if (answer instanceof LookupAnswer.Found) {
            found.put(user, new Remembered(answer, nowNanos + limits.foundFor().toNanos()));
            return;
        }
        Duration kept = answer instanceof LookupAnswer.Unknown ? limits.unknownFor() : limits.failedFor();
        notFound.put(user, new Remembered(answer, nowNanos + kept.toNanos()));
    }
}
