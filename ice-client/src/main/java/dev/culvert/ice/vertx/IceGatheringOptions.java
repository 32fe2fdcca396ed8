package dev.culvert.ice.vertx;

import dev.culvert.ice.gather.GatherOptions;
import dev.culvert.ice.gather.GatherServer;
import dev.culvert.ice.gather.LocalInterface;
import dev.culvert.ice.resolution.Resolver;
import dev.culvert.ice.resolution.ServerTransport;
import dev.culvert.ice.turn.AllocateOptions;
import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.stun.StunUri;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What an {@link IceGathering} gathers, and by what. Immutable.
 *
 * @param gather what the core needs; its servers and mappings are those of the lists here
 * @param uris of the servers
 * @param mappings services that have ports mapped
 * @param interfaces tells those of this host
 * @param resolver makes what looks the servers' names up, on the event loop of the gathering
 * @param authoritiesFile PEM file of the authorities of TLS servers; empty for those of the JDK
 * @param timeout how long a connection to a TURN server may take
 * @param tap sees every message, on the event loop
 */
public record IceGatheringOptions(
        GatherOptions gather,
        List<StunUri> uris,
        List<MappingService> mappings,
        Supplier<List<LocalInterface>> interfaces,
        Function<Vertx, Resolver> resolver,
        String authoritiesFile,
        Duration timeout,
        PacketTap tap) {
    public IceGatheringOptions {
        uris = List.copyOf(uris);
        mappings = List.copyOf(mappings);
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("a timeout is at least 1 ms, not " + timeout);
        }
    }

    /** Starts from: no servers, all interfaces of this host, names and services looked up as the system does. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options. Mutable, for one thread. */
    public static final class Builder {
        private final List<StunUri> uris = new ArrayList<>();
        private final List<MappingService> mappings = new ArrayList<>();
        private GatherOptions.Builder gather = GatherOptions.builder();
        private Supplier<List<LocalInterface>> interfaces = LocalInterfaces::all;
        private Function<Vertx, Resolver> resolver = SystemResolver::new;
        private String authoritiesFile = "";
        private Duration timeout = Duration.ofSeconds(5);
        private PacketTap tap = PacketTap.NONE;

        private Builder() {}

        /**
         * Asks this STUN server.
         *
         * @throws IllegalArgumentException if it is not {@code stun:}: candidates are for UDP, and are learned over it
         */
        public Builder stun(StunUri uri) {
            if (uri.scheme() != StunUri.Scheme.STUN) {
                throw new IllegalArgumentException(
                        uri + ": server-reflexive candidates are learned over UDP; give a stun: URI");
            }
            uris.add(uri);
            gather.server(new GatherServer.Stun(uri.toString()));
            return this;
        }

        /** Asks this TURN server for an IPv4 address, over the transport of its URI. */
        public Builder turn(StunUri uri, LongTermCredential credential) {
            return turn(uri, credential, AllocateOptions.Families.IPV4);
        }

        /**
         * Asks this TURN server for relayed addresses of these families.
         *
         * <p>A {@code turn:} URI without a transport means UDP here, and {@code turns:} TLS, as it does to browsers; for a
         * relay over TCP, too, add the URI with {@code ?transport=tcp}. IPv4 and IPv6 are tried at the same time.
         *
         * @throws IllegalArgumentException if it is not {@code turn:} or {@code turns:}, or asks for DTLS
         */
        public Builder turn(StunUri uri, LongTermCredential credential, AllocateOptions.Families families) {
            if (!uri.scheme().isTurn()) {
                throw new IllegalArgumentException(uri + ": only a TURN server relays; give a turn: or turns: URI");
            }
            uris.add(uri);
            gather.server(new GatherServer.Turn(uri.toString(), transportOf(uri), credential, families));
            return this;
        }

        private static ServerTransport transportOf(StunUri uri) {
            boolean isTcp = uri.transport() == StunUri.Transport.TCP;
            if (uri.scheme().isSecure()) {
                if (!isTcp) {
                    throw new IllegalArgumentException(uri + ": DTLS is not spoken here; leave out ?transport=udp");
                }
                return ServerTransport.TLS;
            }
            return isTcp ? ServerTransport.TCP : ServerTransport.UDP;
        }

        public Builder mapping(MappingService service) {
            mappings.add(service);
            gather.mapping(service.name());
            return this;
        }

        /** Changes what the core knows: components, addresses, ports, pacing, keepalive; not servers and mappings. */
        public Builder gather(UnaryOperator<GatherOptions.Builder> change) {
            gather = change.apply(gather);
            return this;
        }

        public Builder interfaces(Supplier<List<LocalInterface>> source) {
            interfaces = source;
            return this;
        }

        public Builder resolver(Function<Vertx, Resolver> wanted) {
            resolver = wanted;
            return this;
        }

        public Builder authoritiesFile(String file) {
            authoritiesFile = file;
            return this;
        }

        public Builder timeout(Duration wanted) {
            timeout = wanted;
            return this;
        }

        public Builder tap(PacketTap observer) {
            tap = observer;
            return this;
        }

        public IceGatheringOptions build() {
            GatherOptions core = gather.build();
            if (core.servers().size() != uris.size() || core.mappings().size() != mappings.size()) {
                throw new IllegalArgumentException("servers and mappings are added here, not in the core's options");
            }
            return new IceGatheringOptions(core, uris, mappings, interfaces, resolver, authoritiesFile, timeout, tap);
        }
    }
}
