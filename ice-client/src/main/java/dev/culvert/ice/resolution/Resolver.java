package dev.culvert.ice.resolution;

import dev.culvert.stun.IpAddress;
import java.util.List;
import java.util.function.Consumer;

/**
 * Looks names up for a {@link ServerResolution}.
 *
 * <p>Every question is answered exactly once, during the call or later, on the thread that owns the asker. Whatever goes
 * wrong is an empty answer.
 */
public interface Resolver {
    /** The IPv4 and IPv6 addresses of a host (A and AAAA records, and what else the system knows). */
    void addresses(String host, Consumer<List<IpAddress>> answer);

    /**
     * The SRV records of a service.
     *
     * @param name for example {@code _turn._udp.example.org}
     */
    void services(String name, Consumer<List<ServiceRecord>> answer);
}
