package dev.culvert.ice.vertx;

import dev.culvert.ice.nat.Nat64Prefix;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Learns this network's NAT64 prefixes from its resolver (RFC 7050). */
public final class Nat64Discovery {
    private Nat64Discovery() {}

    /** The prefixes; none where the name has no IPv6 address, or the resolver takes longer than {@code limit}. */
    public static Future<List<Nat64Prefix>> prefixes(Vertx vertx, Duration limit) {
        return Names.resolve(vertx, Nat64Prefix.IPV4_ONLY_NAME)
                .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .map(Nat64Prefix::in)
                .recover(none -> Future.succeededFuture(List.of()));
    }
}
