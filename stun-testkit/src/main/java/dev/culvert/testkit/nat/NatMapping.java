package dev.culvert.testkit.nat;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/** An internal endpoint tied to an external one, and the remote endpoints that it has sent to. */
final class NatMapping {
    private final InetSocketAddress internal;
    private final InetSocketAddress external;
    private final MappingLifetime lifetime;
    private final Map<InetSocketAddress, Activity> flows = new LinkedHashMap<>();
    private final Activity activity;

    NatMapping(InetSocketAddress internal, InetSocketAddress external, MappingLifetime lifetime, long nowNanos) {
        this.internal = internal;
        this.external = external;
        this.lifetime = lifetime;
        activity = new Activity(nowNanos);
    }

    InetSocketAddress internal() {
        return internal;
    }

    InetSocketAddress external() {
        return external;
    }

    boolean isAlive(long nowNanos) {
        return isAlive(activity, nowNanos);
    }

    boolean hasFlowWith(InetSocketAddress remote, long nowNanos) {
        Activity flow = flows.get(remote);
        return flow != null && isAlive(flow, nowNanos);
    }

    /** Whether the filter lets {@code remote} in. */
    boolean admits(InetSocketAddress remote, FilteringBehavior filtering, long nowNanos) {
        return switch (filtering) {
            case ENDPOINT_INDEPENDENT -> true;
            case ADDRESS_DEPENDENT ->
                flows.keySet().stream().anyMatch(known -> sameAddress(known, remote) && hasFlowWith(known, nowNanos));
            case ADDRESS_AND_PORT_DEPENDENT -> hasFlowWith(remote, nowNanos);
        };
    }

    void onOutbound(InetSocketAddress remote, long nowNanos) {
        // RFC 4787 §4.3 REQ-6: outgoing traffic always refreshes.
        flows.compute(remote, (key, known) -> {
            Activity flow = known != null && isAlive(known, nowNanos) ? known : new Activity(nowNanos);
            flow.refreshedNanos = nowNanos;
            return flow;
        });
        activity.refreshedNanos = nowNanos;
    }

    void onInbound(InetSocketAddress remote, FilteringBehavior filtering, long nowNanos) {
        touch(activity, nowNanos);
        flows.forEach((known, flow) -> {
            boolean letItIn = filtering == FilteringBehavior.ADDRESS_DEPENDENT
                    ? sameAddress(known, remote)
                    : known.equals(remote);
            if (letItIn && isAlive(flow, nowNanos)) {
                touch(flow, nowNanos);
            }
        });
    }

    private void touch(Activity touched, long nowNanos) {
        touched.bothWays = true;
        if (lifetime.inboundRefreshes()) {
            touched.refreshedNanos = nowNanos;
        }
    }

    private boolean isAlive(Activity some, long nowNanos) {
        return nowNanos - some.refreshedNanos < lifetime.nanos(some.bothWays);
    }

    private static boolean sameAddress(InetSocketAddress a, InetSocketAddress b) {
        return a.getAddress().equals(b.getAddress());
    }

    private static final class Activity {
        private long refreshedNanos;
        private boolean bothWays;

        Activity(long nowNanos) {
            refreshedNanos = nowNanos;
        }
    }
}
