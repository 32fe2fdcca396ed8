package dev.culvert.ice.gather;

import dev.culvert.stun.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Which addresses of this host become host candidates, and in which order they are preferred. */
final class AddressSelection {
    private final AddressPolicy policy;

    /** One address and the interface that has it. */
    private record Owned(LocalInterface owner, LocalAddress address) {
        IpAddress ip() {
            return address.ip();
        }

        boolean isTunnel() {
            return owner.kind() == LocalInterface.Kind.TUNNEL;
        }
    }

    private AddressSelection(AddressPolicy policy) {
        this.policy = policy;
    }

    /** The bases, the most preferred first. */
    static List<LocalBase> of(List<LocalInterface> interfaces, AddressPolicy policy) {
        return new AddressSelection(policy).select(interfaces);
    }

    private List<LocalBase> select(List<LocalInterface> interfaces) {
        List<Owned> allowed = new ArrayList<>();
        Set<IpAddress> seen = new HashSet<>();
        for (LocalInterface each : interfaces) {
            for (LocalAddress address : each.addresses()) {
                if (isAllowed(each, address) && seen.add(address.ip())) {
                    allowed.add(new Owned(each, address));
                }
            }
        }
        // RFC 8421 §4: candidates of interfaces that are not reliable stand at the end, not intermingled.
        List<Owned> ordered = interleave(allowed.stream().filter(owned -> !owned.isTunnel()));
        ordered.addAll(interleave(allowed.stream().filter(Owned::isTunnel)));
        List<LocalBase> bases = new ArrayList<>();
        for (Owned owned : ordered) {
            bases.add(new LocalBase(owned.owner().name(), owned.ip(), bases.size()));
        }
        return bases;
    }

    private boolean isAllowed(LocalInterface owner, LocalAddress address) {
        IpAddress ip = address.ip();
        if (!policy.accepts().test(owner, address) || address.has(LocalAddress.Trait.TENTATIVE)) {
            return false;
        }
        // RFC 8445 §5.1.1.1: no addresses of a loopback interface.
        if (AddressKinds.isLoopback(ip) || owner.kind() == LocalInterface.Kind.LOOPBACK) {
            return policy.dangerLoopback() && AddressKinds.isLoopback(ip);
        }
        // RFC 8445 §5.1.1.1: neither IPv4-compatible nor site-local nor IPv4-mapped addresses.
        boolean isObsolete = AddressKinds.isIpv4Compatible(ip)
                || AddressKinds.isSiteLocal(ip)
                || AddressKinds.isIpv4Mapped(ip)
                || AddressKinds.isUnspecified(ip)
                || AddressKinds.isMulticast(ip);
        // A candidate cannot say the zone without which a link-local IPv6 address means nothing.
        return !isObsolete && !AddressKinds.isIpv6LinkLocal(ip) && !isReplaced(owner, address);
    }

    private static boolean isReplaced(LocalInterface owner, LocalAddress address) {
        return owner.addresses().stream().anyMatch(other -> replaces(other, address));
    }

    /** Whether {@code address} is not for new sessions as long as {@code better} is there, on the same interface. */
    private static boolean replaces(LocalAddress better, LocalAddress address) {
        boolean areOfOnePrefix = !better.ip().isIpv4()
                && !address.ip().isIpv4()
                && AddressKinds.prefix(better.ip(), better.prefixLength())
                        == AddressKinds.prefix(address.ip(), better.prefixLength());
        if (!areOfOnePrefix || better.has(LocalAddress.Trait.TENTATIVE) || better.has(LocalAddress.Trait.DEPRECATED)) {
            return false;
        }
        // RFC 6724 §5 rule 3: deprecated addresses are avoided.
        // RFC 8445 §5.1.1.1: beside an address that hides the host, one of the same prefix that shows it is not
        // gathered.
        return address.has(LocalAddress.Trait.DEPRECATED)
                || showsHost(address) && !showsHost(better)
                || better.has(LocalAddress.Trait.TEMPORARY) && !address.has(LocalAddress.Trait.TEMPORARY);
    }

    private static boolean showsHost(LocalAddress address) {
        return !address.has(LocalAddress.Trait.TEMPORARY) && AddressKinds.isOfMacAddress(address.ip());
    }

    private static List<Owned> interleave(Stream<Owned> all) {
        List<Owned> ipv6 = new ArrayList<>();
        List<Owned> ipv4 = new ArrayList<>();
        all.forEach(owned -> (owned.ip().isIpv4() ? ipv4 : ipv6).add(owned));
        // RFC 6724 §5 rules 3 and 7: deprecated addresses last, temporary ones first; the system's order otherwise.
        ipv6.sort(Comparator.comparing((Owned owned) -> owned.address().has(LocalAddress.Trait.DEPRECATED))
                .thenComparing(owned -> !owned.address().has(LocalAddress.Trait.TEMPORARY)));
        // RFC 8421 §4: (N_4 + N_6) / N_4 IPv6 addresses first, then both by turns.
        int headStart = ipv4.isEmpty() ? ipv6.size() : Math.min(ipv6.size(), (ipv4.size() + ipv6.size()) / ipv4.size());
        List<Owned> ordered = new ArrayList<>(ipv6.subList(0, headStart));
        for (int i = 0; i < Math.max(ipv4.size(), ipv6.size() - headStart); i++) {
            if (i < ipv4.size()) {
                ordered.add(ipv4.get(i));
            }
            if (headStart + i < ipv6.size()) {
                ordered.add(ipv6.get(headStart + i));
            }
        }
        return ordered;
    }
}
