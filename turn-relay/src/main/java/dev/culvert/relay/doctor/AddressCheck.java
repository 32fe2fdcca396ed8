package dev.culvert.relay.doctor;

import dev.culvert.relay.policy.Ground.BuiltInDeny;
import dev.culvert.relay.policy.PeerPolicy;
import dev.culvert.relay.policy.RelayPorts;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether clients elsewhere are told addresses that they can reach. */
final class AddressCheck {
    private static final String ABOUT = "public address";

    /** It knows which addresses are not globally reachable, and why. */
    private static final PeerPolicy GLOBAL = new PeerPolicy(List.of(), Set.of(), new RelayPorts() {
        @Override
        public boolean areOn(IpAddress own) {
            return false;
        }

        @Override
        public boolean isLive(IpAddress own, int port) {
            return false;
        }
    });

    private AddressCheck() {}

    static List<Finding> of(Subject subject) {
        if (subject.config().addresses().asked().isPresent()) {
            return List.of(Finding.ok(
                    ABOUT, "asked of " + subject.config().addresses().asked().get() + " at the start"));
        }
        Set<IpAddress> relays = subject.relayAddresses();
        List<IpAddress> reachable = relays.stream()
                .filter(ip -> !ip.toInetAddress().isLoopbackAddress())
                .toList();
        if (reachable.isEmpty()) {
            return List.of(Finding.warn(
                    ABOUT,
                    relays.isEmpty() ? "this host has no address" : "it relays on loopback addresses alone",
                    "listen on an address that clients reach"));
        }
        return told(subject, reachable);
    }

    private static List<Finding> told(Subject subject, List<IpAddress> relays) {
        List<String> global = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (IpAddress relay : relays) {
            IpAddress told = subject.config().addresses().told(relay);
            Optional<String> why = whyNotGlobal(told);
            String words = told.equals(relay) ? told.toString() : told + " in place of " + relay;
            why.ifPresentOrElse(reason -> others.add(words + " (" + reason + ")"), () -> global.add(words));
        }
        String mend = "give --external-address PUBLIC/" + relays.get(0)
                + ", or --external-address auto with --stun; on a private network alone nothing is to be done";
        if (global.isEmpty()) {
            return List.of(Finding.error(ABOUT, "none is known: clients are told " + String.join(", ", others), mend));
        }
        Finding known = Finding.ok(ABOUT, "clients are told " + global.stream().collect(Collectors.joining(", ")));
        return others.isEmpty()
                ? List.of(known)
                : List.of(
                        known,
                        Finding.warn(
                                ABOUT,
                                "clients that come to these are told " + String.join(", ", others),
                                "give --external-address PUBLIC/PRIVATE for each, or --listen with the addresses that"
                                        + " clients come to"));
    }

    /** Why an address is not reachable from everywhere; empty where it is. */
    static Optional<String> whyNotGlobal(IpAddress address) {
        return GLOBAL.decide(new TransportAddress(address, 1)).ground() instanceof BuiltInDeny deny
                ? Optional.of(deny.reason())
                : Optional.empty();
    }
}
