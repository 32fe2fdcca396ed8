package dev.culvert.ice.gather;

import java.util.List;

/**
 * A network interface of this host that is up.
 *
 * @param name as the system calls it
 * @param kind what is known of it
 * @param addresses in the system's order
 */
public record LocalInterface(String name, Kind kind, List<LocalAddress> addresses) {
    /** What is known of an interface. */
    public enum Kind {
        LOOPBACK,
        /** A tunnel or VPN: it works, or it is dead without a sign; its candidates come last. */
        TUNNEL,
        OTHER
    }

    public LocalInterface {
        addresses = List.copyOf(addresses);
    }
}
