package dev.culvert.ice.resolution;

import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunUri;
import dev.culvert.stun.TransportAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Finds the servers that a URI means (RFC 8489 §8.1, RFC 5928 §3 without NAPTR). Mutable, owned by one thread.
 *
 * <p>An IP address is taken as it is; a name with a port has its addresses looked up; a name alone is asked for SRV
 * records, and where it has none for a transport, its addresses serve with the default port. SRV records that cannot be
 * had count as none.
 */
public final class ServerResolution {
    /** Many more than anybody runs, few enough to be tried. */
    private static final int MAX_TARGETS = 16;

    private final Resolver resolver;
    private final RandomGenerator random;
    private final List<ServerTransport> supported;

    /**
     * For a client that speaks these transports.
     *
     * @param random for the lottery among servers of one priority
     * @param supported in the order of preference
     */
    public ServerResolution(Resolver resolver, RandomGenerator random, List<ServerTransport> supported) {
        this.resolver = resolver;
        this.random = random;
        this.supported = List.copyOf(supported);
    }

    /**
     * Finds the servers of {@code uri}.
     *
     * @param answer takes them in the order in which they shall be tried, once; none where no address is known
     * @throws IllegalArgumentException if the URI cannot be used: it needs a transport that is not spoken here, or it is a
     *     {@code stuns:} URI with an IP address
     */
    public void resolve(StunUri uri, Consumer<List<ServerAttempt>> answer) {
        List<ServerTransport> transports = transportsOf(uri);
        // RFC 8489 §8.1: a stuns URI with an IP address must be rejected.
        if (uri.scheme() == StunUri.Scheme.STUNS && uri.ipAddress().isPresent()) {
            throw new IllegalArgumentException(
                    "'" + uri + "' has an IP address, which no certificate vouches for; give the server's name");
        }
        new Search(uri, transports, answer).start();
    }

    private List<ServerTransport> transportsOf(StunUri uri) {
        List<ServerTransport> transports =
                supported.stream().filter(one -> isMeant(uri, one)).toList();
        // RFC 5928 §3: where no transport is left, the resolution stops with an error.
        if (transports.isEmpty()) {
            throw new IllegalArgumentException("'" + uri + "' needs another transport than " + supported
                    + "; leave ?transport= out, or use another URI");
        }
        return transports;
    }

    private static boolean isMeant(StunUri uri, ServerTransport transport) {
        boolean isUdp = transport == ServerTransport.UDP;
        if (uri.scheme().isSecure()) {
            // RFC 7065 §3.2: turns over UDP is DTLS.
            return transport == ServerTransport.TLS && uri.transport() == StunUri.Transport.TCP;
        }
        // RFC 5928 §3: an undefined transport means all that are supported; TLS is for secure URIs.
        return transport != ServerTransport.TLS
                && (!uri.isTransportNamed() || isUdp == (uri.transport() == StunUri.Transport.UDP));
    }

    /** The look-ups for one URI. */
    private final class Search {
        private final StunUri uri;
        private final Consumer<List<ServerAttempt>> answer;
        private final List<Branch> branches;
        private List<IpAddress> hostAddresses = List.of();
        private int waiting;

        Search(StunUri uri, List<ServerTransport> transports, Consumer<List<ServerAttempt>> answer) {
            this.uri = uri;
            this.answer = answer;
            this.branches = transports.stream().map(Branch::new).toList();
        }

        void start() {
            if (uri.ipAddress().isPresent()) {
                hostAddresses = List.of(uri.ipAddress().get());
                conclude();
                return;
            }
            // One more, so that answers that come at once do not conclude too early.
            waiting = 1;
            // Looked up in any case: what SRV records do not tell then costs no further wait.
            ask(uri.host(), found -> hostAddresses = found);
            // RFC 5928 §3 (2): with a port, only addresses are looked up.
            if (!uri.isPortNamed()) {
                branches.forEach(this::askServices);
            }
            onAnswered();
        }

        private void ask(String host, Consumer<List<IpAddress>> taker) {
            waiting++;
            resolver.addresses(host, found -> {
                taker.accept(found);
                onAnswered();
            });
        }

        private void askServices(Branch branch) {
            waiting++;
            // RFC 8489 §8.1, RFC 5928 §3 (5): the service is the scheme.
            String service = "_" + uri.scheme() + "._" + branch.transport.protocol() + "." + uri.host();
            resolver.services(service, records -> {
                branch.isListed = !records.isEmpty();
                ServiceOrder.of(records, random).stream()
                        .filter(ServiceRecord::isOffer)
                        .limit(MAX_TARGETS)
                        .map(Target::new)
                        .forEach(branch.targets::add);
                branch.targets.forEach(target -> ask(target.record.target(), found -> target.addresses = found));
                onAnswered();
            });
        }

        private void onAnswered() {
            waiting--;
            if (waiting == 0) {
                conclude();
            }
        }

        private void conclude() {
            LinkedHashSet<ServerAttempt> attempts = new LinkedHashSet<>();
            for (Branch branch : branches) {
                for (Target target : branch.targets) {
                    attempts.addAll(attempts(branch, target.addresses, target.record.port()));
                }
                // RFC 2782: a service that is listed, if only as not offered, is not sought at the default port.
                if (!branch.isListed) {
                    attempts.addAll(attempts(branch, hostAddresses, uri.port()));
                }
            }
            answer.accept(List.copyOf(attempts));
        }

        private List<ServerAttempt> attempts(Branch branch, List<IpAddress> addresses, int port) {
            // RFC 5928 §5: whatever SRV says, the certificate must carry the name in the URI.
            String name = uri.ipAddress().isPresent() ? "" : uri.host();
            return interleaved(addresses).stream()
                    .map(ip -> new ServerAttempt(branch.transport, new TransportAddress(ip, port), name))
                    .toList();
        }
    }

    /** One transport of a search. */
    private static final class Branch {
        final ServerTransport transport;
        final List<Target> targets = new ArrayList<>();
        boolean isListed;

        Branch(ServerTransport transport) {
            this.transport = transport;
        }
    }

    /** One host that an SRV record names. */
    private static final class Target {
        final ServiceRecord record;
        List<IpAddress> addresses = List.of();

        Target(ServiceRecord record) {
            this.record = record;
        }
    }

    /** RFC 8305 §4: the families take turns, IPv6 begins; within a family the order stays. */
    static List<IpAddress> interleaved(List<IpAddress> addresses) {
        List<IpAddress> first = ofFamily(addresses, AddressFamily.IPV6);
        List<IpAddress> second = ofFamily(addresses, AddressFamily.IPV4);
        List<IpAddress> ordered = new ArrayList<>();
        for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
            first.stream().skip(i).limit(1).forEach(ordered::add);
            second.stream().skip(i).limit(1).forEach(ordered::add);
        }
        return ordered;
    }

    private static List<IpAddress> ofFamily(List<IpAddress> addresses, AddressFamily family) {
        return addresses.stream().filter(ip -> ip.family() == family).distinct().toList();
    }
}
