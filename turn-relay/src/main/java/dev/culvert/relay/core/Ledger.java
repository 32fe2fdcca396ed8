package dev.culvert.relay.core;

import dev.culvert.relay.core.PortPool.Choice;
import dev.culvert.relay.core.Redemption.Redeemed;
import dev.culvert.relay.core.Redemption.Refused;
import dev.culvert.relay.policy.RelayPorts;
import dev.culvert.stun.IpAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What all event loops of a server share: relay ports, reservations, quotas and bitrates. Used by any thread; what is
 * asked on the data path, {@link RelayPorts}'s questions and bitrates, takes no lock.
 *
 * <p>Whoever takes gives back: when the last allocation and the last reservation are gone, {@link #totals} are zero.
 */
public final class Ledger implements RelayPorts {
    static final int ADMITTED = 0;
    static final int USER_QUOTA = 486;
    static final int FULL = 508;

    private final AllocationIds ids;
    private final int minPort;
    private final int maxPort;

    /** By the addresses that sockets are bound to, and by those that clients are told. */
    private final Map<IpAddress, PortPool> pools = new ConcurrentHashMap<>();

    private final Map<Long, Reservation> reservations = new HashMap<>();
    private final Users users = new Users();
    private final Throttle throttle = new Throttle();
    private int units;
    private int maxUnits;
    private int maxUnitsPerUser;

    /**
     * What is taken at this moment.
     *
     * @param ports relay ports, reserved ones included
     * @param reservations ports that wait for their token
     * @param units allocations and reservations, which quotas count alike
     * @param users users with at least one of these
     */
    public record Totals(int ports, int reservations, int units, int users) {
        /** Nothing at all. */
        public static final Totals ZERO = new Totals(0, 0, 0, 0);
    }

    /**
     * What there may be at most.
     *
     * @param units allocations and reservations
     * @param unitsPerUser of one user id
     */
    public record Room(int units, int unitsPerUser) {}

    /** A ledger that numbers allocations from 0 on, for who forgets them with the ledger. */
    public Ledger(int minPort, int maxPort, int maxAllocations, int maxAllocationsPerUser) {
        this(minPort, maxPort, maxAllocations, maxAllocationsPerUser, 0);
    }

    /**
     * A ledger with quotas and without limits to bitrates.
     *
     * @param minPort the lowest relay port
     * @param maxPort the highest relay port
     * @param maxAllocations in all; what is over is answered with 508
     * @param maxAllocationsPerUser of one user id; what is over is answered with 486
     * @param firstId of the allocations; random where ids are to differ from those of an earlier run
     */
    public Ledger(int minPort, int maxPort, int maxAllocations, int maxAllocationsPerUser, long firstId) {
        if (minPort < 1 || maxPort > 0xFFFF || minPort > maxPort) {
            throw new IllegalArgumentException("no range of ports: " + minPort + "-" + maxPort);
        }
        this.ids = new AllocationIds(firstId);
        this.minPort = minPort;
        this.maxPort = maxPort;
        limit(maxAllocations, maxAllocationsPerUser);
    }

    /** Goes on with other quotas; what runs is not touched. */
    public synchronized void limit(int maxAllocations, int maxAllocationsPerUser) {
        maxUnits = maxAllocations;
        maxUnitsPerUser = maxAllocationsPerUser;
    }

    /** Goes on with other bitrates, from the next packet of every allocation on. */
    public void limit(Bitrates rates) {
        throttle.limit(rates);
    }

    /** Makes {@code address} known before its first allocation, for {@link #areOn}. */
    public void serve(RelayAddress address) {
        PortPool pool = pools.computeIfAbsent(address.local(), local -> new PortPool(minPort, maxPort));
        pools.putIfAbsent(address.told(), pool);
    }

    @Override
    public boolean areOn(IpAddress own) {
        return pools.containsKey(own);
    }

    @Override
    public boolean isLive(IpAddress own, int port) {
        PortPool pool = pools.get(own);
        return pool != null && pool.isLive(port);
    }

    /** The id of the next allocation. */
    long nextAllocationId() {
        return ids.next();
    }

    /** How many relay ports there are, taken or not, on all addresses together. */
    public long ports() {
        return pools.values().stream().distinct().count() * (maxPort - minPort + 1);
    }

    /** What is taken at this moment. */
    public synchronized Totals totals() {
        int ports = pools.values().stream().distinct().mapToInt(PortPool::taken).sum();
        return new Totals(ports, reservations.size(), units, users.size());
    }

    /** How much there may be at this moment. */
    public synchronized Room room() {
        return new Room(maxUnits, maxUnitsPerUser);
    }

    /** How many allocations and reservations each user has who has any. */
    public synchronized Map<String, Integer> unitsByUser() {
        return users.units();
    }

    /** Counts one more allocation or reservation of {@code userId}: {@link #ADMITTED}, or the code of the refusal. */
    synchronized int admit(String userId) {
        // RFC 8656 §7.2 (10): the quota is per user; 486 is for that, 508 for the server's own capacity.
        if (users.units(userId) >= maxUnitsPerUser) {
            return USER_QUOTA;
        }
        if (units >= maxUnits) {
            return FULL;
        }
        add(userId);
        return ADMITTED;
    }

    /** Why {@link #admit} refused. */
    synchronized Refusal refusal(int admission) {
        return admission == USER_QUOTA
                ? new Refusal(
                        RefusalReason.USER_QUOTA,
                        "the user has " + maxUnitsPerUser + " allocations, --max-allocations-per-user")
                : new Refusal(
                        RefusalReason.SERVER_QUOTA, "the server has " + units + " allocations, --max-allocations");
    }

    /** Takes back an {@link #admit}. */
    synchronized void leave(String userId) {
        units--;
        users.remove(userId);
    }

    /** What one allocation of {@code userId}, who was admitted, may relay. */
    synchronized Throttle.Share share(String userId) {
        return throttle.share(users.bucket(userId));
    }

    private void add(String userId) {
        units++;
        users.add(userId);
    }

    /** A free port of {@code address}, or {@link PortPool#NO_PORT}. */
    synchronized int takePort(RelayAddress address, Choice choice, RandomGenerator random) {
        serve(address);
        return pool(address).take(choice, random);
    }

    synchronized void giveBack(RelayAddress address, int port) {
        pool(address).giveBack(port);
    }

    synchronized void setLive(RelayAddress address, int port, boolean isLive) {
        pool(address).setLive(port, isLive);
    }

    private PortPool pool(RelayAddress address) {
        PortPool pool = pools.get(address.local());
        if (pool == null) {
            throw new IllegalStateException("not served: " + address);
        }
        return pool;
    }

    synchronized boolean isReserved(long token, long nowNanos) {
        return valid(token, nowNanos) != null;
    }

    synchronized void reserve(Reservation reservation) {
        reservations.put(reservation.token(), reservation);
    }

    /** Hands the port of {@code token} to {@code userId}, whose quota it counts in from now on. */
    synchronized Redemption redeem(long token, String userId, long nowNanos) {
        Reservation reservation = valid(token, nowNanos);
        // RFC 8656 §7.2 (5): a token that is not valid is answered with 508.
        if (reservation == null) {
            return new Refused(
                    FULL, new Refusal(RefusalReason.RESERVATION, "the token is over, redeemed or was never given"));
        }
        leave(reservation.userId());
        int admission = admit(userId);
        if (admission != ADMITTED) {
            add(reservation.userId());
            return new Refused(admission, refusal(admission));
        }
        reservations.remove(token);
        return new Redeemed(reservation);
    }

    private @Nullable Reservation valid(long token, long nowNanos) {
        Reservation reservation = reservations.get(token);
        boolean isValid = reservation != null && reservation.untilNanos() - nowNanos > 0;
        return isValid ? reservation : null;
    }

    /** Ends a reservation; false where it was redeemed, so that its port is somebody else's. */
    synchronized boolean giveUp(Reservation reservation) {
        if (!reservations.remove(reservation.token(), reservation)) {
            return false;
        }
        leave(reservation.userId());
        return true;
    }
}
