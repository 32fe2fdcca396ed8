package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.core.RelayUnderTest.Options;
import dev.culvert.relay.policy.EncodedAddress;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.ChannelData;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.AdditionalAddressFamily;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.testkit.IanaRegistry;
import dev.culvert.testkit.IanaRegistry.SpecialPrefix;
import dev.culvert.testkit.Rfc;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The first and last address of every prefix that is denied by default, in every encoding, on every path. */
class DeniedPeersTest {
    private static final int PORT = 3478;
    private static final List<TransportAddress> PEERS = peers();

    /** An operator's rules under which every one of them is a peer. */
    private static final List<String> ALL_ALLOWED = Stream.concat(
                    IanaRegistry.deniedByDefault().stream()
                            .filter(prefix -> !prefix.embedsIpv4())
                            .map(SpecialPrefix::prefix),
                    Stream.of("2001::/32", "2002::/16"))
            .map(prefix -> "allow " + prefix)
            .toList();

    private final Options options = new Options();
    private final TestClient alice = TestClient.alice("198.51.100.7:40000");

    private static List<TransportAddress> peers() {
        Set<IpAddress> all = new LinkedHashSet<>();
        IanaRegistry.deniedByDefault().stream()
                .filter(prefix -> !prefix.embedsIpv4())
                .forEach(prefix -> ends(prefix).forEach(end -> all.addAll(everyEncoding(end))));
        return all.stream().map(ip -> new TransportAddress(ip, PORT)).toList();
    }

    private static List<IpAddress> ends(SpecialPrefix prefix) {
        String[] fields = prefix.prefix().split("/");
        byte[] octets = RelayUnderTest.ip(fields[0]).toBytes();
        BigInteger first = new BigInteger(1, octets);
        int hostBits = octets.length * 8 - Integer.parseInt(fields[1]);
        byte[] last = first.or(BigInteger.ONE.shiftLeft(hostBits).subtract(BigInteger.ONE))
                .toByteArray();
        for (int i = 1; i <= Math.min(octets.length, last.length); i++) {
            octets[octets.length - i] = last[last.length - i];
        }
        return List.of(RelayUnderTest.ip(fields[0]), IpAddress.of(octets));
    }

    private static List<IpAddress> everyEncoding(IpAddress address) {
        List<IpAddress> all = new ArrayList<>(List.of(address));
        if (address.isIpv4()) {
            for (EncodedAddress encoding : EncodedAddress.values()) {
                all.add(encoding.of(address));
            }
        }
        return all;
    }

    private RelayUnderTest relay(List<String> rules) {
        options.rules = rules;
        options.settings = new RelaySettings(600, 3600, 4096, 4096, ChannelData.MAX_NUMBER, false, "");
        RelayUnderTest relay = new RelayUnderTest(options);
        relay.grant(alice, Ask.allocate(new AdditionalAddressFamily(AddressFamily.IPV6.number())));
        return relay;
    }

    private static Ask permission(TransportAddress peer) {
        return Ask.of(StunMethod.CREATE_PERMISSION, new XorPeerAddress(peer));
    }

    private static Ask channel(int number, TransportAddress peer) {
        return Ask.of(StunMethod.CHANNEL_BIND, new ChannelNumber(number), new XorPeerAddress(peer));
    }

    @Test
    @Rfc({"8656#10.2 (4)", "8656#12.2 (6)"})
    void nonePermittedNoneBound() {
        RelayUnderTest relay = relay(List.of());

        for (TransportAddress peer : PEERS) {
            relay.refuse(alice, permission(peer), 403);
            relay.refuse(alice, channel(0x4000, peer), 403);
            thenNothingPasses(relay, 0x4000, peer);
        }

        assertThat(PEERS).hasSizeGreaterThan(300);
        assertThat(relay.server.counters().value(RelayCounter.BYTES_TO_PEERS)).isZero();
    }

    @Test
    @Rfc("8656#10.2 (4)")
    void oneAmongOthersHasNonePermitted() {
        RelayUnderTest relay = relay(List.of());
        TransportAddress global = Ask.address("[2a00:1450:4001:800::1]:3478");

        for (TransportAddress peer : PEERS) {
            Ask both = Ask.of(StunMethod.CREATE_PERMISSION, new XorPeerAddress(global), new XorPeerAddress(peer));
            relay.refuse(alice, both, 403);
            thenNothingPasses(relay, 0x4000, global);
        }
    }

    @Test
    @Rfc({"8656#11.2 (5)", "8656#11.3"})
    void nothingPassesThatAnEarlierPolicyAllowed() {
        RelayUnderTest relay = relay(ALL_ALLOWED);
        for (int i = 0; i < PEERS.size(); i++) {
            relay.grant(alice, permission(PEERS.get(i)));
            relay.grant(alice, channel(0x4000 + i, PEERS.get(i)));
            assertThat(relay.whenClientSendsChannelData(alice, 0x4000 + i)).isNotNull();
        }

        relay.server.replacePolicy(relay.policy(List.of()), relay.out);

        for (int i = 0; i < PEERS.size(); i++) {
            thenNothingPasses(relay, 0x4000 + i, PEERS.get(i));
        }
        relay.grant(alice, Ask.refresh(0));
        relay.thenNothingIsLeft();
    }

    /** Neither as ChannelData nor as a Send indication, nor back. */
    private void thenNothingPasses(RelayUnderTest relay, int channel, TransportAddress peer) {
        assertThat(relay.whenClientSendsChannelData(alice, channel))
                .as("ChannelData to %s", peer)
                .isNull();
        relay.whenClientSends(
                alice, Ask.of(StunMethod.SEND, new XorPeerAddress(peer), Ask.data("to where it must not come")));
        relay.thenRelayIsSilent();
        for (TransportAddress relayed : relay.out.started.keySet()) {
            assertThat(relay.isHeard(peer.toString(), relayed))
                    .as("from %s", peer)
                    .isFalse();
        }
    }
}
