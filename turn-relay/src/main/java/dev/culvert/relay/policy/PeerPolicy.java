package dev.culvert.relay.policy;

import dev.culvert.relay.policy.Ground.BuiltInDeny;
import dev.culvert.relay.policy.Ground.OperatorRule;
import dev.culvert.relay.policy.Ground.Standing;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which peers may be relayed to: the one function that every path asks, in both directions.
 *
 * <p>In this order:
 *
 * <ol>
 *   <li>a relay port of this server that is in use is allowed, any other address of this server is denied;
 *   <li>of the operator's rules that hold the address and the port the longest prefix wins, deny wins a tie;
 *   <li>a built-in deny holds unless the operator allows the same prefix or a longer one;
 *   <li>what no rule holds is allowed.
 * </ol>
 *
 * <p>An IPv6 address that carries an IPv4 address is judged as written <em>and</em> by what it carries, and allowed only
 * if both are (see {@link AddressReading}). An operator's allow of the address as written counts for the embedded
 * address too, with as many bits of it as the prefix fixes: {@code --allow-peer 64:ff9b::/96} fixes none and therefore
 * does not open {@code 64:ff9b::10.0.0.1}, but {@code --allow-peer 64:ff9b::a00:0/104} does, as
 * {@code --allow-peer 10.0.0.0/8} does in every encoding that is not denied as such. 6to4 and Teredo are: RFC 8656
 * §21.4 refuses these tunnels whatever they carry.
 *
 * <p>Immutable and shared by all threads; a reload makes a new one.
 */
public final class PeerPolicy {
    private static final AddressReading[] READINGS = AddressReading.values();
    private static final int LOWEST_PORT = 1;

    private final PrefixTable<OperatorRule[]> operatorRules;
    private final PrefixTable<IpAddress> ownAddresses;
    private final RelayPorts relayPorts;

    /**
     * @param rules the operator's, in any order
     * @param ownAddresses every address of this server, also the public ones that clients are told instead; broadcast
     *     addresses of its subnets may be among them
     * @param relayPorts which of those addresses and their ports relay
     */
    public PeerPolicy(Collection<PeerRule> rules, Collection<IpAddress> ownAddresses, RelayPorts relayPorts) {
        this.operatorRules = byPrefix(rules);
        this.relayPorts = relayPorts;
        Map<IpPrefix, IpAddress> own = new HashMap<>();
        ownAddresses.forEach(address -> own.put(IpPrefix.of(address), address));
        this.ownAddresses = new PrefixTable<>(own);
    }

    private static PrefixTable<OperatorRule[]> byPrefix(Collection<PeerRule> rules) {
        Map<IpPrefix, List<OperatorRule>> byPrefix = new HashMap<>();
        rules.stream()
                .distinct()
                .sorted(Comparator.comparing(PeerRule::allows)) // denies first: they win a tie
                .map(OperatorRule::new)
                .forEach(rule -> byPrefix.computeIfAbsent(rule.rule().prefix(), prefix -> new ArrayList<>())
                        .add(rule));
        Map<IpPrefix, OperatorRule[]> arrays = new HashMap<>();
        byPrefix.forEach((prefix, list) -> arrays.put(prefix, list.toArray(new OperatorRule[0])));
        return new PrefixTable<>(arrays);
    }

    /** Whether packets may go to and come from {@code peer}; {@link #decide(TransportAddress)} without an object. */
    public boolean allows(TransportAddress peer) {
        return allows(peer.ip(), peer.port());
    }

    /** Whether packets may go to and come from {@code peer} at {@code port}. Allocates nothing. */
    public boolean allows(IpAddress peer, int port) {
        return judge(peer, port).allows();
    }

    /** The decision about a peer, for ChannelBind, Send, Connect and whatever comes in from it. */
    public PeerDecision decide(TransportAddress peer) {
        return decide(peer.ip(), peer.port());
    }

    /**
     * The decision about a peer of which the port is not known yet, as in CreatePermission: allowed if some port could
     * be. The ports are checked when there is one.
     */
    public PeerDecision decide(IpAddress peer) {
        // RFC 8656 §10.2: a permission is for an IP address, the port is ignored.
        AddressReading reading = AddressReading.sameAddress(peer);
        IpAddress own = own(reading, peer);
        if (own != null && relayPorts.areOn(own)) {
            return new PeerDecision(Standing.RELAY_ADDRESS, reading, own);
        }
        PeerDecision atLowest = decide(peer, LOWEST_PORT);
        if (atLowest.isAllowed()) {
            return atLowest;
        }
        return portsThatDiffer(peer).stream()
                .map(port -> decide(peer, port))
                .filter(PeerDecision::isAllowed)
                .findFirst()
                .orElse(atLowest);
    }

    /** The ports from which on another rule may decide; between two of them the decision is the same. */
    private SortedSet<Integer> portsThatDiffer(IpAddress peer) {
        SortedSet<Integer> ports = new TreeSet<>();
        for (AddressReading reading : READINGS) {
            int i = reading.appliesTo(peer) ? find(operatorRules, reading, peer) : PrefixTable.NONE;
            for (; i != PrefixTable.NONE; i = operatorRules.wider(i)) {
                for (OperatorRule rule : operatorRules.value(i)) {
                    for (Ports.Range range : rule.rule().ports().ranges()) {
                        ports.add(range.first());
                        ports.add(range.last() + 1);
                    }
                }
            }
        }
        return ports.headSet(0x1_0000);
    }

    private PeerDecision decide(IpAddress peer, int port) {
        Ground ground = judge(peer, port);
        for (AddressReading reading : READINGS) {
            if (reading.appliesTo(peer) && judge(reading, peer, port) == ground) {
                return new PeerDecision(ground, reading, reading.of(peer));
            }
        }
        // A relay port of our own was opened or closed since, and only the very address can be that.
        AddressReading reading = AddressReading.sameAddress(peer);
        return new PeerDecision(ground, reading, reading.of(peer));
    }

    /** The ground on which the first reading denies; where all allow, the first ground that is a rule. */
    private Ground judge(IpAddress peer, int port) {
        Ground allowing = Standing.NO_RULE;
        for (AddressReading reading : READINGS) {
            if (!reading.appliesTo(peer)) {
                continue;
            }
            Ground ground = judge(reading, peer, port);
            if (!ground.allows() || ground == Standing.RELAY_ADDRESS) {
                return ground;
            }
            if (allowing == Standing.NO_RULE) {
                allowing = ground;
            }
        }
        return allowing;
    }

    private Ground judge(AddressReading reading, IpAddress peer, int port) {
        IpAddress own = own(reading, peer);
        if (own != null) {
            boolean isRelay = reading.isSameAddress() && relayPorts.isLive(own, port);
            return isRelay ? Standing.RELAY_ADDRESS : Standing.OWN_ADDRESS;
        }
        OperatorRule operatorRule = operatorRule(reading, peer, port);
        BuiltInDeny builtIn = builtIn(reading, peer);
        if (operatorRule == null) {
            return builtIn == null ? Standing.NO_RULE : builtIn;
        }
        if (builtIn == null || !operatorRule.allows()) {
            return operatorRule;
        }
        boolean builtInYields = reading.fixedBits(operatorRule.rule().prefix())
                >= builtIn.prefix().lengthBits();
        return builtInYields ? operatorRule : builtIn;
    }

    private @Nullable IpAddress own(AddressReading reading, IpAddress peer) {
        int i = find(ownAddresses, reading, peer);
        return i == PrefixTable.NONE ? null : ownAddresses.value(i);
    }

    /** The operator's rule about what is read, or the one about the address as written where that says more. */
    private @Nullable OperatorRule operatorRule(AddressReading reading, IpAddress peer, int port) {
        OperatorRule rule = longestRule(reading, peer, port);
        if (reading.isSameAddress()) {
            return rule;
        }
        // It is an allow: a deny of the address as written has ended the matter before.
        OperatorRule asWritten = longestRule(AddressReading.AS_WRITTEN, peer, port);
        if (rule == null || asWritten == null) {
            return rule == null ? asWritten : rule;
        }
        return reading.fixedBits(asWritten.rule().prefix())
                        > reading.fixedBits(rule.rule().prefix())
                ? asWritten
                : rule;
    }

    private @Nullable OperatorRule longestRule(AddressReading reading, IpAddress peer, int port) {
        for (int i = find(operatorRules, reading, peer); i != PrefixTable.NONE; i = operatorRules.wider(i)) {
            for (OperatorRule rule : operatorRules.value(i)) {
                if (rule.rule().ports().contains(port)) {
                    return rule;
                }
            }
        }
        return null;
    }

    private static @Nullable BuiltInDeny builtIn(AddressReading reading, IpAddress peer) {
        int i = find(BuiltInDenies.TABLE, reading, peer);
        return i == PrefixTable.NONE ? null : BuiltInDenies.TABLE.value(i);
    }

    private static int find(PrefixTable<?> table, AddressReading reading, IpAddress peer) {
        AddressFamily family = reading == AddressReading.AS_WRITTEN ? peer.family() : AddressFamily.IPV4;
        return table.find(family, reading.high(peer), reading.low(peer));
    }
}
