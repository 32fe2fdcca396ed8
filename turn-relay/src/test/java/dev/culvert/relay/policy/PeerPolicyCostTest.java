package dev.culvert.relay.policy;

import static dev.culvert.relay.policy.PolicyFixture.ip;
import static dev.culvert.relay.policy.PolicyFixture.relayPorts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.AllocationMeter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Ten thousand rules, asked about every packet. */
class PeerPolicyCostTest {
    private static final IpAddress RELAY = ip("198.51.100.5");

    private final Random random = new Random(7);
    private final List<PeerRule> rules = rules();
    private final PeerPolicy policy =
            new PeerPolicy(rules, List.of(RELAY), relayPorts(List.of(RELAY), (own, port) -> port == 50_000));
    private int turn;

    private List<PeerRule> rules() {
        List<PeerRule> all = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            IpAddress address = i % 2 == 0
                    ? IpAddress.v4(random.nextInt())
                    : IpAddress.v6(0x2A00_0000_0000_0000L | random.nextLong() >>> 16, random.nextLong());
            int lengthBits = address.isIpv4() ? 12 + random.nextInt(21) : 20 + random.nextInt(109);
            PeerRule.Action action = i % 3 == 0 ? PeerRule.Action.ALLOW : PeerRule.Action.DENY;
            Ports ports = i % 5 == 0 ? new Ports(List.of(new Ports.Range(1, 1023))) : Ports.ALL;
            all.add(new PeerRule(action, IpPrefix.around(address, lengthBits), ports));
        }
        return all;
    }

    @Test
    void askingAllocatesNothing() {
        List<TransportAddress> peers = new ArrayList<>();
        rules.subList(0, 100)
                .forEach(rule -> peers.add(new TransportAddress(rule.prefix().address(), 5060)));
        PolicyFixture.everyEncoding(ip("10.0.0.7")).forEach(peer -> peers.add(new TransportAddress(peer, 9)));
        PolicyFixture.everyEncoding(ip("8.8.8.8")).forEach(peer -> peers.add(new TransportAddress(peer, 9)));
        PolicyFixture.everyEncoding(RELAY).forEach(peer -> peers.add(new TransportAddress(peer, 50_000)));
        int expected = (int) peers.stream().filter(policy::allows).count();

        double bytes = AllocationMeter.bytesPerOperation(5_000, 1_000, () -> {
            int allowed = 0;
            for (int i = 0; i < peers.size(); i++) {
                allowed += policy.allows(peers.get(i)) ? 1 : 0;
            }
            if (allowed != expected) {
                throw new AssertionError(allowed + " allowed, not " + expected);
            }
        });

        assertThat(expected).isBetween(1, peers.size() - 1);
        assertThat(bytes).isZero();
    }

    @Test
    void everyRuleIsFoundAmongTenThousand() {
        NaivePolicy naive = new NaivePolicy(rules, List.of(RELAY), (own, port) -> port == 50_000);

        for (PeerRule rule : rules.subList(0, 1_000)) {
            IpAddress peer = rule.prefix().address();
            int port = turn++ % 2048;
            assertThat(policy.allows(peer, port)).as(peer + " " + port).isEqualTo(naive.allows(peer, port));
        }
    }

    @Test
    void rulesThatNestAsDeepAsTheyCanAreFound() {
        List<PeerRule> nested = new ArrayList<>();
        IpAddress peer = ip("2a00:1450:4001:800::7");
        for (int lengthBits = 0; lengthBits <= 128; lengthBits++) {
            PeerRule.Action action = lengthBits % 2 == 0 ? PeerRule.Action.ALLOW : PeerRule.Action.DENY;
            Ports port = new Ports(List.of(new Ports.Range(1 + lengthBits, 1 + lengthBits)));
            nested.add(new PeerRule(action, IpPrefix.around(peer, lengthBits), port));
        }
        PeerPolicy deep = new PeerPolicy(nested, List.of(), PolicyFixture.NO_RELAY_PORTS);

        for (PeerRule rule : nested) {
            int port = rule.ports().ranges().get(0).first();
            assertThat(deep.decide(new TransportAddress(peer, port)).ground()).isEqualTo(new Ground.OperatorRule(rule));
        }
    }
}
