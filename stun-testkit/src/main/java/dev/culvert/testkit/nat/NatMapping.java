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
        activity = new Activity(lifetime, nowNanos);
    }

    InetSocketAddress internal() {
        return internal;
    }

    InetSocketAddress external() {
        return external;
    }

    boolean isAlive(long nowNanos) {
        return activity.isAlive(nowNanos);
    }

    boolean hasFlowWith(InetSocketAddress remote, long nowNanos) {
        Activity flow = flows.get(remote);
        return flow != null && flow.isAlive(nowNanos);
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
        flows.compute(remote, (key, known) -> {
            Activity flow = known != null && known.isAlive(nowNanos) ? known : new Activity(lifetime, nowNanos);
            flow.onOutbound(nowNanos);
            return flow;
        });
        activity.onOutbound(nowNanos);
    }

    void onInbound(InetSocketAddress remote, FilteringBehavior filtering, long nowNanos) {
        activity.onInbound(nowNanos);
        flows.forEach((known, flow) -> {
            boolean letItIn = filtering == FilteringBehavior.ADDRESS_DEPENDENT
                    ? sameAddress(known, remote)
                    : known.equals(remote);
            if (letItIn && flow.isAlive(nowNanos)) {
                flow.onInbound(nowNanos);
            }
        });
    }

    private static boolean sameAddress(InetSocketAddress a, InetSocketAddress b) {
        return a.getAddress().equals(b.getAddress());
    }

    private static final class Activity {
        private final MappingLifetime lifetime;
        private final long createdNanos;
        private long endNanos;
        private boolean bothWays;

        Activity(MappingLifetime lifetime, long nowNanos) {
            this.lifetime = lifetime;
            createdNanos = nowNanos;
            refresh(nowNanos);
        }

        boolean isAlive(long nowNanos) {
            return nowNanos - endNanos < 0;
        }

        // RFC 4787 §4.3 REQ-6: outgoing traffic always refreshes.
        void onOutbound(long nowNanos) {
            refresh(nowNanos);
        }

        // RFC 4787 §4.3 REQ-6 a: incoming traffic may.
        void onInbound(long nowNanos) {
            if (lifetime.inboundRefreshes()) {
                refresh(nowNanos);
            }
            // After the refresh, as on Linux: the first answer makes no stream, however late it is.
            bothWays = true;
        }

        private void refresh(long nowNanos) {
            endNanos = nowNanos + lifetime.grantedNanos(bothWays, nowNanos - createdNanos);
        }
    }
}
