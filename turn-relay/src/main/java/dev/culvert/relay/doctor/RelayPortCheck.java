package dev.culvert.relay.doctor;

import dev.culvert.relay.core.RelayMode;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether there are enough relay ports, and whether they can be opened. */
final class RelayPortCheck {
    private static final String ABOUT = "relay ports";
    private static final int FEW = 1000;
    private static final int TRIED = 64;
    private static final String OUTGOING = "net.ipv4.ip_local_port_range";
    private static final String RESERVED = "net.ipv4.ip_local_reserved_ports";

    private final Subject subject;
    private final int min;
    private final int max;
    private final List<Finding> findings = new ArrayList<>();

    private RelayPortCheck(Subject subject) {
        this.subject = subject;
        this.min = subject.config().addresses().minPort();
        this.max = subject.config().addresses().maxPort();
    }

    static List<Finding> of(Subject subject) {
        RelayPortCheck check = new RelayPortCheck(subject);
        check.number();
        check.addresses().forEach(check::open);
        check.outgoing();
        return check.findings;
    }

    /** Loopback addresses only where there is nothing else. */
    private Collection<IpAddress> addresses() {
        Set<IpAddress> all = subject.relayAddresses();
        List<IpAddress> others = all.stream()
                .filter(ip -> !ip.toInetAddress().isLoopbackAddress())
                .toList();
        return others.isEmpty() ? all : others;
    }

    private int ports() {
        return max - min + 1;
    }

    private void number() {
        RelayMode mode = subject.config().protocol().mode();
        int allocations = subject.config().limits().maxAllocations();
        long all = (long) ports() * Math.max(1, addresses().size());
        int wanted = mode.mostPorts() * subject.config().server().threads();
        if (mode.isShared() && ports() < wanted) {
            warn(
                    "only " + ports() + ", of which each event loop would take up to " + mode.mostPorts(),
                    "give --relay-ports room for " + wanted);
        } else if (!mode.isShared() && subject.namesMaxAllocations() && allocations > all) {
            warn(
                    all + " for " + allocations + " allocations, each of which takes one",
                    "widen --relay-ports, lower --max-allocations, or give --relay-mode shared");
        } else if (!mode.isShared() && ports() < FEW) {
            warn(
                    "only " + ports() + ", and each allocation takes one",
                    "widen --relay-ports, or give --relay-mode shared");
        }
    }

    private void warn(String seen, String mend) {
        findings.add(Finding.warn(ABOUT, seen, mend));
    }

    private void open(IpAddress address) {
        List<Integer> free = new ArrayList<>();
        Optional<String> fault = Optional.empty();
        int tried = Math.min(TRIED, ports());
        for (int i = 0; i < tried; i++) {
            int port = min + (int) ((long) i * ports() / tried);
            Optional<String> one = subject.host().bindFault(Transport.UDP, new TransportAddress(address, port));
            if (one.isEmpty()) {
                free.add(port);
                continue;
            }
            fault = one;
        }
        String which = min + "-" + max + " on " + address;
        if (free.isEmpty()) {
            findings.add(Finding.error(
                    ABOUT,
                    "none of " + tried + " tried of " + which + " can be opened: " + fault.orElse(""),
                    "give --relay-address an address of this host, and --relay-ports ports that nobody holds"));
            return;
        }
        closed(address, free.get(0), which, tried, free.size());
    }

    private void closed(IpAddress address, int port, String which, int tried, int free) {
        if (!subject.host().passes(address, port)) {
            findings.add(Finding.error(
                    ABOUT,
                    "a packet of this host to " + new TransportAddress(address, port) + " does not arrive",
                    "open UDP " + min + "-" + max + " in the firewall of this host (nft list ruleset)"));
        } else if (free < tried / 2) {
            warn(
                    "of " + tried + " tried of " + which + " only " + free + " are free",
                    "give --relay-ports another range");
        } else {
            findings.add(new Finding(
                    Finding.Level.OK,
                    ABOUT,
                    which + " can be opened (" + free + " of " + tried + " tried)",
                    "whether firewalls let clients and peers in shows from outside alone: nat-probe turn"));
        }
    }

    /** Ports that the kernel gives to outgoing sockets of any program. */
    private void outgoing() {
        Optional<int[]> range = subject.host().kernel(OUTGOING).flatMap(RelayPortCheck::range);
        if (range.isEmpty()) {
            return;
        }
        int first = Math.max(min, range.get()[0]);
        int last = Math.min(max, range.get()[1]);
        if (first <= last && !isReserved(first, last)) {
            warn(
                    "other programs' outgoing packets take " + first + "-" + last + " of them too (" + OUTGOING + ")",
                    "sysctl -w " + RESERVED + "=" + min + "-" + max);
        }
    }

    private boolean isReserved(int first, int last) {
        return Arrays.stream(subject.host().kernel(RESERVED).orElse("").split(","))
                .map(RelayPortCheck::range)
                .flatMap(Optional::stream)
                .anyMatch(reserved -> reserved[0] <= first && reserved[1] >= last);
    }

    private static Optional<int[]> range(String text) {
        String[] ends = text.strip().split("[-\\s]+");
        boolean isRange = ends.length == 2 && Arrays.stream(ends).allMatch(end -> end.matches("[0-9]{1,5}"));
        return isRange
                ? Optional.of(new int[] {Integer.parseInt(ends[0]), Integer.parseInt(ends[1])})
                : Optional.empty();
    }
}
