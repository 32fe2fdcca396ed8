package dev.culvert.ice.gather;

import java.util.function.BiPredicate;

/**
 * Which addresses of this host may become candidates, besides the rules of RFC 8445 §5.1.1.1.
 *
 * @param accepts says no to what is not wanted: an interface, a family, a range
 * @param dangerLoopback also the loopback addresses, against RFC 8445 §5.1.1.1: for tests on one host
 * @param hidden tells peers a name of multicast DNS in place of each address of this host, which only neighbours can
 *     resolve
 */
public record AddressPolicy(BiPredicate<LocalInterface, LocalAddress> accepts, boolean dangerLoopback, boolean hidden) {
    private static final AddressPolicy ALL = new AddressPolicy((owner, address) -> true, false, false);

    /** All that the RFC allows, by number. */
    public static AddressPolicy all() {
        return ALL;
    }

    public AddressPolicy withFilter(BiPredicate<LocalInterface, LocalAddress> filter) {
        return new AddressPolicy(filter, dangerLoopback, hidden);
    }

    public AddressPolicy withDangerLoopback() {
        return new AddressPolicy(accepts, true, hidden);
    }

    public AddressPolicy withHiddenAddresses() {
        return new AddressPolicy(accepts, dangerLoopback, true);
    }
}
