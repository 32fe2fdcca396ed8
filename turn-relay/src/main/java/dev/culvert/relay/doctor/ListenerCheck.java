package dev.culvert.relay.doctor;

import dev.culvert.server.config.ServerConfig.Listener;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Whether the ports can be had that the server listens on. */
final class ListenerCheck {
    private static final String ABOUT = "listeners";
    private static final String FIRST_UNPRIVILEGED = "net.ipv4.ip_unprivileged_port_start";
    private static final int USUALLY_UNPRIVILEGED = 1024;

    private record Place(Transport transport, TransportAddress address) {
        @Override
        public String toString() {
            return (isUdp() ? "udp " : "tcp ") + address;
        }

        boolean isUdp() {
            return transport == Transport.UDP;
        }
    }

    private ListenerCheck() {}

    static List<Finding> of(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        Set<Place> places = places(subject);
        for (Place place : places) {
            fault(subject, place).ifPresent(findings::add);
        }
        if (findings.isEmpty()) {
            findings.add(Finding.ok(ABOUT, "every port can be opened (" + places.size() + ")"));
        }
        admin(subject).ifPresent(findings::add);
        return findings;
    }

    private static Set<Place> places(Subject subject) {
        Set<Place> places = new LinkedHashSet<>();
        for (Listener listener : subject.config().server().listeners()) {
            Transport transport = listener.transport() == Transport.UDP ? Transport.UDP : Transport.TCP;
            subject.addresses(listener)
                    .forEach(ip -> places.add(new Place(transport, new TransportAddress(ip, listener.port()))));
        }
        for (IpAddress alternate : subject.config().server().alternateAddresses()) {
            int port = subject.config().server().alternatePort();
            places.add(new Place(Transport.UDP, new TransportAddress(alternate, port)));
        }
        return places;
    }

    private static Optional<Finding> fault(Subject subject, Place place) {
        int port = place.address().port();
        if (port != 0 && port < firstUnprivileged(subject) && !subject.host().mayBindEveryPort()) {
            return Optional.of(Finding.error(
                    ABOUT,
                    place + " is a privileged port, and this user may not open those",
                    "run it with CAP_NET_BIND_SERVICE (systemd: AmbientCapabilities=CAP_NET_BIND_SERVICE), or sysctl -w "
                            + FIRST_UNPRIVILEGED + "=" + port));
        }
        return subject.host()
                .bindFault(place.transport(), place.address())
                .map(fault -> Finding.error(ABOUT, place + " cannot be opened: " + fault, mend(place, fault)));
    }

    private static int firstUnprivileged(Subject subject) {
        return subject.host()
                .kernel(FIRST_UNPRIVILEGED)
                .filter(text -> text.matches("[0-9]{1,5}"))
                .map(Integer::parseInt)
                .orElse(USUALLY_UNPRIVILEGED);
    }

    private static String mend(Place place, String fault) {
        String words = fault.toLowerCase(Locale.ROOT);
        if (words.contains("in use")) {
            return "end what holds it (ss -l" + (place.isUdp() ? "u" : "t") + "np 'sport = :"
                    + place.address().port() + "' names it), unless that is this server";
        }
        return words.contains("assign")
                ? "name an address of this host, or * for all of them"
                : "name another port or address";
    }

    private static Optional<Finding> admin(Subject subject) {
        boolean isGiven = subject.config().server().admin().given();
        return subject.config()
                .server()
                .admin()
                .address()
                .flatMap(address -> subject.host()
                        .bindFault(Transport.TCP, address)
                        .map(fault -> new Finding(
                                isGiven ? Finding.Level.ERROR : Finding.Level.WARN,
                                "admin",
                                "tcp " + address + " cannot be opened: " + fault,
                                "name another --admin, unless this server is running already")));
    }
}
