package dev.culvert.relay.session;

import dev.culvert.relay.auth.Authenticator;
import dev.culvert.relay.auth.CredentialCache;
import dev.culvert.relay.auth.InvalidUsersException;
import dev.culvert.relay.auth.NonceKeys;
import dev.culvert.relay.auth.Nonces;
import dev.culvert.relay.auth.StaticUsers;
import dev.culvert.relay.core.Gate;
import dev.culvert.relay.core.Ledger;
import dev.culvert.relay.core.RelayAddress;
import dev.culvert.relay.core.RelayMode;
import dev.culvert.relay.core.RelaySettings;
import dev.culvert.relay.core.TestedMode;
import dev.culvert.relay.core.TurnServer;
import dev.culvert.relay.policy.PeerPolicy;
import dev.culvert.relay.policy.PeerRule;
import dev.culvert.server.config.InvalidValueException;
import dev.culvert.server.core.SourceRateLimiter;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** What may differ from test to test, and the server's core made of it. */
final class ServerOptions {
    private static final String REALM = "example.org";

    int minPort = 50_000;
    int maxPort = 50_063;
    int maxAllocations = 1000;
    int maxAllocationsPerUser = 64;
    Duration nonceLifetime = Nonces.DEFAULT_LIFETIME;
    NonceKeys nonceKeys = NonceKeys.random(new Random(1));
    List<AddressFamily> relayedFamilies = List.of(AddressFamily.IPV4, AddressFamily.IPV6);
    RelayMode mode = TestedMode.mode();
    long seed = 1;

    Ledger ledger() {
        return new Ledger(minPort, maxPort, maxAllocations, maxAllocationsPerUser);
    }

    /** A server that relays on the first of {@code own} of each family. */
    TurnServer server(List<IpAddress> own, Ledger ledger, Random random) {
        return new TurnServer(
                RelaySettings.DEFAULT.withMode(mode),
                (family, asked) -> own.stream()
                        .filter(address -> address.family() == family && relayedFamilies.contains(family))
                        .findFirst()
                        .map(RelayAddress::of),
                Gate.of(authenticator(), SourceRateLimiter.unlimited()),
                policy(own, ledger),
                ledger,
                random);
    }

    private Authenticator authenticator() {
        try {
            return new Authenticator(
                    REALM,
                    StaticUsers.ofOptions(REALM, List.of("alice:secret", "bob:hush")),
                    CredentialCache.withoutStores(),
                    new Nonces(nonceKeys, nonceLifetime));
        } catch (InvalidUsersException e) {
            throw new AssertionError(e);
        }
    }

    private static PeerPolicy policy(List<IpAddress> own, Ledger ledger) {
        try {
            // The addresses of documentation are no peers unless somebody says so.
            List<PeerRule> rules = List.of(PeerRule.allow("192.0.2.0/24"), PeerRule.allow("2001:db8:9::/48"));
            return new PeerPolicy(rules, own, ledger);
        } catch (InvalidValueException e) {
            throw new AssertionError(e);
        }
    }
}
