package dev.culvert.relay.config;

import dev.culvert.relay.auth.Credentials;
import dev.culvert.relay.auth.NonceKeys;
import dev.culvert.relay.core.Alternate;
import dev.culvert.relay.core.Bitrates;
import dev.culvert.relay.core.RelaySettings;
import dev.culvert.relay.policy.PeerRule;
import dev.culvert.relay.usage.UsageConfig;
import dev.culvert.server.config.ServerConfig;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunUri;
import dev.culvert.stun.TransportAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Everything that a TURN server is told.
 *
 * @param server what it shares with a STUN server
 * @param access who may relay
 * @param addresses where it relays
 * @param peerRules which peers an operator allows and denies, beside the built-in rules
 * @param protocol lifetimes and caps of each allocation
 * @param limits quotas and bitrates
 * @param alternates where a draining server sends new clients, at most one per family
 * @param minting how time-limited credentials are handed out
 * @param usage whom it tells what allocations use
 */
public record RelayConfig(
        ServerConfig server,
        Access access,
        Addresses addresses,
        List<PeerRule> peerRules,
        RelaySettings protocol,
        Limits limits,
        List<Alternate> alternates,
        Minting minting,
        UsageConfig usage) {
    public RelayConfig {
        peerRules = List.copyOf(peerRules);
        alternates = List.copyOf(alternates);
    }

    /** One that tells nobody what allocations use. */
    public RelayConfig(
            ServerConfig server,
            Access access,
            Addresses addresses,
            List<PeerRule> peerRules,
            RelaySettings protocol,
            Limits limits,
            List<Alternate> alternates) {
        this(server, access, addresses, peerRules, protocol, limits, alternates, Minting.DEFAULT, UsageConfig.OFF);
    }

    /**
     * Who may relay.
     *
     * @param realm of the long-term credentials; any where {@code insecureOpen}
     * @param credentials those of options and files
     * @param nonceKeys those that a fleet shares; empty for keys that nobody else has
     * @param insecureOpen whether everybody may, without credentials
     */
    public record Access(String realm, Credentials credentials, Optional<NonceKeys> nonceKeys, boolean insecureOpen) {}

    /**
     * Where relay ports are opened.
     *
     * @param relay at most one per family; a family without one relays on the address that a request arrived at
     * @param external what clients are told instead
     * @param asked the STUN server that says so at the start, for families that {@code external} says nothing of; empty
     *     for none
     * @param minPort the lowest relay port
     * @param maxPort the highest relay port
     */
    public record Addresses(
            List<IpAddress> relay, List<ExternalAddress> external, Optional<StunUri> asked, int minPort, int maxPort) {
        public Addresses {
            relay = List.copyOf(relay);
            external = List.copyOf(external);
        }

        /** What clients are told in place of {@code local}; itself where nothing stands before it. */
        public IpAddress told(IpAddress local) {
            return external.stream()
                    .filter(each -> each.local().isPresent()
                            ? each.local().get().equals(local)
                            // What is in front of this host is not in front of its loopback addresses.
                            : each.told().family() == local.family()
                                    && !local.toInetAddress().isLoopbackAddress())
                    // One that names the address says more than one for its family.
                    .max(Comparator.comparing(each -> each.local().isPresent()))
                    .map(ExternalAddress::told)
                    .orElse(local);
        }

        /** The same with more that clients are told, and nobody left to ask. */
        public Addresses withExternal(List<ExternalAddress> learnt) {
            List<ExternalAddress> all = new ArrayList<>(external);
            all.addAll(learnt);
            return new Addresses(relay, all, Optional.empty(), minPort, maxPort);
        }
    }

    /** The same with other addresses. */
    public RelayConfig withAddresses(Addresses other) {
        return new RelayConfig(server, access, other, peerRules, protocol, limits, alternates, minting, usage);
    }

    /**
     * The public side of a 1:1 NAT.
     *
     * @param told to clients
     * @param local in place of this address; empty for every relay address of the same family
     */
    public record ExternalAddress(IpAddress told, Optional<IpAddress> local) {}

    /**
     * Quotas and bitrates of the whole server.
     *
     * @param maxAllocations in all
     * @param maxAllocationsPerUser of one user id
     * @param bitsPerSecondPerAllocation application data in both directions together; empty for no limit
     * @param bitsPerSecondPerUser of all allocations of one user id
     * @param bitsPerSecond of all allocations
     */
    public record Limits(
            int maxAllocations,
            int maxAllocationsPerUser,
            OptionalLong bitsPerSecondPerAllocation,
            OptionalLong bitsPerSecondPerUser,
            OptionalLong bitsPerSecond) {
        /** What is relayed at most. */
        public Bitrates bitrates() {
            return new Bitrates(bitsPerSecondPerAllocation, bitsPerSecondPerUser, bitsPerSecond);
        }
    }

    /**
     * How time-limited credentials are handed out over HTTP.
     *
     * @param uris under which their owners find this server; empty for those of its listeners
     * @param listener where they are handed out beside the admin server; empty for nowhere
     * @param tokenFile holds the bearer token that must be shown there; empty for none
     * @param origins of the web pages that may ask there, as browsers send them
     */
    public record Minting(
            List<String> uris, Optional<MintingListener> listener, Optional<String> tokenFile, List<String> origins) {
        /** On the admin server only. */
        public static final Minting DEFAULT = new Minting(List.of(), Optional.empty(), Optional.empty(), List.of());

        public Minting {
            uris = List.copyOf(uris);
            origins = List.copyOf(origins);
        }
    }

    /**
     * Where credentials are handed out.
     *
     * @param tls whether by TLS, with the server's own certificate
     */
    public record MintingListener(TransportAddress address, boolean tls) {}
}
