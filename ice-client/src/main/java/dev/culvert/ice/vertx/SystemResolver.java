package dev.culvert.ice.vertx;

import dev.culvert.ice.resolution.Resolver;
import dev.culvert.ice.resolution.ServiceRecord;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.dns.DnsClient;
import io.vertx.core.dns.DnsClientOptions;
import io.vertx.core.dns.SrvRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Addresses as the system knows them, its hosts file and search domains included, and SRV records from its first DNS
 * server. Called on an event loop, where it answers.
 *
 * <p>A system that names no DNS server to a JVM, as Windows does not, has no SRV records for it: no other server is ever
 * asked in its place. There, give one to {@link #SystemResolver(Vertx, TransportAddress)}.
 */
public final class SystemResolver implements Resolver {
    /** A DNS server that has not answered until then is not waited for: the addresses are known by other means. */
    private static final long QUERY_TIMEOUT_MILLIS = 2000;

    private final Vertx vertx;
    private final Callable<Optional<TransportAddress>> dnsServer;

    public SystemResolver(Vertx vertx) {
        this(vertx, NameServers.RESOLV_CONF);
    }

    /** Asks this DNS server for SRV records. */
    public SystemResolver(Vertx vertx, TransportAddress dnsServer) {
        this(vertx, () -> Optional.of(dnsServer));
    }

    /** Asks the first DNS server that this file names for SRV records. */
    SystemResolver(Vertx vertx, Path resolvConf) {
        this(vertx, () -> NameServers.first(Files.readAllLines(resolvConf)));
    }

    private SystemResolver(Vertx vertx, Callable<Optional<TransportAddress>> dnsServer) {
        this.vertx = vertx;
        this.dnsServer = dnsServer;
    }

    @Override
    public void addresses(String host, Consumer<List<IpAddress>> answer) {
        Names.resolve(vertx, host).otherwise(List.of()).onSuccess(answer::accept);
    }

    @Override
    public void services(String name, Consumer<List<ServiceRecord>> answer) {
        vertx.executeBlocking(dnsServer, false)
                .compose(known -> known.map(server -> ask(server, name)).orElse(Future.succeededFuture(List.of())))
                .map(SystemResolver::recordsOf)
                .otherwise(List.of())
                .onSuccess(answer::accept);
    }

    /** Always of a server that is known: without one, Vert.x asks a public server on the Internet. */
    private Future<List<SrvRecord>> ask(TransportAddress server, String name) {
        DnsClientOptions options = new DnsClientOptions()
                .setHost(server.ip().toString())
                .setPort(server.port())
                .setQueryTimeout(QUERY_TIMEOUT_MILLIS);
        // What is thrown for a name that the DNS cannot carry fails the future.
        DnsClient client = vertx.createDnsClient(options);
        return client.resolveSRV(name).onComplete(done -> client.close());
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
