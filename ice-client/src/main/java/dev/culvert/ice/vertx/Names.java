package dev.culvert.ice.vertx;

import dev.culvert.stun.IpAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/** Looks host names up as the system does, off the event loop. */
public final class Names {
    private Names() {}

    /** All addresses of {@code host}, which may be a literal; fails with {@link NetworkException.UnknownHost}. */
    public static Future<List<IpAddress>> resolve(Vertx vertx, String host) {
        return IpAddress.parse(host)
                .map(literal -> Future.succeededFuture(List.of(literal)))
                .orElseGet(() -> vertx.executeBlocking(() -> lookUp(host), false));
    }

    private static List<IpAddress> lookUp(String host) throws NetworkException.UnknownHost {
        try {
            return Arrays.stream(InetAddress.getAllByName(host))
                    .map(IpAddress::of)
                    .toList();
        } catch (UnknownHostException e) {
            throw new NetworkException.UnknownHost(
                    "unknown host " + host + ": no address is known for this name; check the spelling and the resolver",
                    e);
        }
    }
}
