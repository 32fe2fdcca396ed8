package dev.culvert.ice.vertx;

import dev.culvert.ice.resolution.Resolver;
import dev.culvert.ice.resolution.ServiceRecord;
import dev.culvert.stun.IpAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.dns.DnsClient;
import io.vertx.core.dns.DnsClientOptions;
import io.vertx.core.dns.SrvRecord;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Addresses as the system knows them, its hosts file and search domains included, and SRV records from its first DNS
 * server. Called on an event loop, where it answers.
 */
public final class SystemResolver implements Resolver {
    /** A DNS server that has not answered until then is not waited for: the addresses are known by other means. */
    private static final long QUERY_TIMEOUT_MILLIS = 2000;

    private final Vertx vertx;
    private final DnsClientOptions options;

    public SystemResolver(Vertx vertx) {
        this(vertx, new DnsClientOptions());
    }

    /** Asks the DNS server that {@code options} name for SRV records. */
    SystemResolver(Vertx vertx, DnsClientOptions options) {
        this.vertx = vertx;
        this.options = new DnsClientOptions(options).setQueryTimeout(QUERY_TIMEOUT_MILLIS);
    }

    @Override
    public void addresses(String host, Consumer<List<IpAddress>> answer) {
        Names.resolve(vertx, host).otherwise(List.of()).onSuccess(answer::accept);
    }

    @Override
    public void services(String name, Consumer<List<ServiceRecord>> answer) {
        ask(name).map(SystemResolver::recordsOf).otherwise(List.of()).onSuccess(answer::accept);
    }

    private Future<List<SrvRecord>> ask(String name) {
        try {
            DnsClient client = vertx.createDnsClient(options);
            return client.resolveSRV(name).onComplete(done -> client.close());
        } catch (RuntimeException e) {
            // A system without a DNS server, or a name that the DNS cannot carry.
            return Future.failedFuture(e);
        }
    }

    private static List<ServiceRecord> recordsOf(List<SrvRecord> records) {
        return records.stream()
                .map(one -> new ServiceRecord(one.priority(), one.weight(), one.port(), withoutRoot(one.target())))
                .toList();
    }

    /** The target without the dot at its end; the root itself, which offers nothing, stays. */
    private static String withoutRoot(@Nullable String target) {
        if (target == null) {
            return "";
        }
        return target.length() > 1 && target.endsWith(".") ? target.substring(0, target.length() - 1) : target;
    }
}
