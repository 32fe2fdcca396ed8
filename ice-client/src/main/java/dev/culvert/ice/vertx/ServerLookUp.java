package dev.culvert.ice.vertx;

import dev.culvert.ice.resolution.Resolver;
import dev.culvert.ice.resolution.ServerAttempt;
import dev.culvert.ice.resolution.ServerResolution;
import dev.culvert.ice.resolution.ServerTransport;
import dev.culvert.stun.StunUri;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.util.List;

/**
 * Finds the servers that a URI means, by the names that the system and the DNS know.
 *
 * <pre>{@code
 * return ServerLookUp.resolve(vertx, uri, List.of(ServerTransport.UDP, ServerTransport.TCP));
 * }</pre>
 */
public final class ServerLookUp {
    private ServerLookUp() {}

    /**
     * The servers of {@code uri}, in the order in which they shall be tried.
     *
     * @param transports what the caller speaks, in the order of preference
     * @return at least one; or a failure with {@link NetworkException.UnknownHost}, or an {@link IllegalArgumentException}
     *     where the URI needs a transport that the caller does not speak
     */
    public static Future<List<ServerAttempt>> resolve(Vertx vertx, StunUri uri, List<ServerTransport> transports) {
        return resolve(vertx, uri, transports, new SystemResolver(vertx));
    }

    /** As {@link #resolve(Vertx, StunUri, List)}, by the answers of {@code resolver}, which is called on an event loop. */
    public static Future<List<ServerAttempt>> resolve(
            Vertx vertx, StunUri uri, List<ServerTransport> transports, Resolver resolver) {
        Promise<List<ServerAttempt>> found = Promise.promise();
        vertx.getOrCreateContext().runOnContext(onLoop -> {
            try {
                new ServerResolution(resolver, new SecureRandom(), transports).resolve(uri, found::complete);
            } catch (IllegalArgumentException e) {
                found.fail(e);
            }
        });
        return found.future()
                .compose(attempts ->
                        attempts.isEmpty() ? Future.failedFuture(unknown(uri)) : Future.succeededFuture(attempts));
    }

    private static NetworkException unknown(StunUri uri) {
        return new NetworkException.UnknownHost(
                "unknown host " + uri.host()
                        + ": no address is known for this name, nor for a host in its SRV records; "
                        + "check the spelling and the resolver",
                null);
    }
}
