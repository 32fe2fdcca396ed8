package dev.culvert.relay.policy;

import static dev.culvert.relay.policy.PolicyFixture.relayPorts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.IanaRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The policy against its specification done naively, on random rules and on addresses near them. */
class PeerPolicyComparisonTest {
    private static final long SEED = 20_260_101;
    private static final int POLICIES = 200;
    private static final int PEERS_PER_POLICY = 500;
    private static final int HIGHEST_RULE_PORT = 12;
    private static final PolicyFixture.LivePorts LIVE = (own, port) -> port == 7;
    private static final List<IpPrefix> DENIED = IanaRegistry.deniedByDefault().stream()
            .map(prefix -> PolicyFixture.rule("deny " + prefix.prefix()).prefix())
            .toList();

    private final Random random = new Random(SEED);

    /** A policy, the same done naively, and addresses to draw peers from. */
    private record Contest(PeerPolicy policy, NaivePolicy naive, List<IpPrefix> places, String description) {}

    @Test
    void decidesAsTheSpecification() {
        int allowed = 0;
        for (int i = 0; i < POLICIES; i++) {
            Contest contest = contest(i % 10 * 8);
            for (int j = 0; j < PEERS_PER_POLICY; j++) {
                IpAddress peer = peer(contest.places());
                int port = random.nextInt(HIGHEST_RULE_PORT + 3);
                boolean expected = contest.naive().allows(peer, port);

                assertThat(contest.policy().allows(peer, port))
                        .as("seed %d, %s port %d, %s", SEED, peer, port, contest.description())
                        .isEqualTo(expected);
                PeerDecision decision = contest.policy().decide(new TransportAddress(peer, port));
                assertThat(decision.isAllowed()).isEqualTo(expected);
                assertThat(decision.judged()).isEqualTo(decision.reading().of(peer));
                allowed += expected ? 1 : 0;
            }
        }
        // Both answers are common, or the comparison would prove little.
        assertThat(allowed).isBetween(POLICIES * PEERS_PER_POLICY / 10, POLICIES * PEERS_PER_POLICY * 9 / 10);
    }

    @Test
    void permissionPassesExactlyIfSomePortPasses() {
        int passedByPortsOnly = 0;
        for (int i = 0; i < POLICIES; i++) {
            Contest contest = contest(40);
            for (int j = 0; j < PEERS_PER_POLICY / 20; j++) {
                IpAddress peer = peer(contest.places());
                // Above the rules' ports nothing changes any more.
                long passing = IntStream.rangeClosed(1, HIGHEST_RULE_PORT + 1)
                        .filter(port -> contest.naive().allows(peer, port))
                        .count();

                assertThat(contest.policy().decide(peer).isAllowed())
                        .as("seed %d, %s, %s", SEED, peer, contest.description())
                        .isEqualTo(passing > 0);
                passedByPortsOnly += passing > 0 && passing <= HIGHEST_RULE_PORT ? 1 : 0;
            }
        }
        assertThat(passedByPortsOnly).isPositive();
    }

    private Contest contest(int ruleCount) {
        List<IpPrefix> places = new ArrayList<>(DENIED);
        List<PeerRule> rules = new ArrayList<>();
        for (int i = 0; i < ruleCount; i++) {
            PeerRule rule = rule(places);
            rules.add(rule);
            places.add(rule.prefix());
        }
        List<IpAddress> own = Stream.generate(() -> peer(places))
                .filter(address -> !AddressReading.IPV4_MAPPED.appliesTo(address))
                .limit(3)
                .toList();
        own.forEach(address -> places.add(IpPrefix.of(address)));
        return new Contest(
                new PeerPolicy(rules, own, relayPorts(own, LIVE)),
                new NaivePolicy(rules, own, LIVE),
                places,
                "own " + own + ", rules " + rules);
    }

    /** A rule inside, around or beside one of the places, so that rules overlap. */
    private PeerRule rule(List<IpPrefix> places) {
        IpAddress near = peer(places);
        int lengthBits = random.nextInt(IpPrefix.widthBits(near) + 1);
        PeerRule.Action action = random.nextBoolean() ? PeerRule.Action.ALLOW : PeerRule.Action.DENY;
        return new PeerRule(action, IpPrefix.around(near, lengthBits), ports());
    }

    private Ports ports() {
        if (random.nextInt(3) > 0) {
            return Ports.ALL;
        }
        return new Ports(IntStream.rangeClosed(0, random.nextInt(3))
                .mapToObj(i -> {
                    int first = 1 + random.nextInt(HIGHEST_RULE_PORT);
                    return new Ports.Range(first, first + random.nextInt(HIGHEST_RULE_PORT + 1 - first));
                })
                .toList());
    }

    /** An address in or right beside a place, now and then an IPv4 address in some encoding. */
    private IpAddress peer(List<IpPrefix> places) {
        if (random.nextInt(20) == 0) {
            return random.nextBoolean()
                    ? IpAddress.v4(random.nextInt())
                    : IpAddress.v6(random.nextLong(), random.nextLong());
        }
        IpAddress address = near(places.get(random.nextInt(places.size())));
        if (address.isIpv4() && random.nextBoolean()) {
            EncodedAddress[] encodings = EncodedAddress.values();
            return encodings[random.nextInt(encodings.length)].of(address);
        }
        return address;
    }

    private IpAddress near(IpPrefix place) {
        boolean ipv4 = place.isIpv4();
        int freeFrom = place.lengthBits() + (ipv4 ? 96 : 0);
        long highFree = ~IpPrefix.highBits(freeFrom);
        long lowFree = ~IpPrefix.highBits(freeFrom - 64);
        long high = place.address().high();
        long low = place.address().low();
        switch (random.nextInt(4)) {
            case 0 -> {
                high |= highFree;
                low |= lowFree;
            }
            case 1 -> low -= 1;
            case 2 -> {
                high |= highFree & random.nextLong();
                low |= lowFree & random.nextLong();
            }
            default -> {}
        }
        return ipv4 ? IpAddress.v4((int) low) : IpAddress.v6(high, low);
    }
}
