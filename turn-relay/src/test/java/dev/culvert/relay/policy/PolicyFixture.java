package dev.culvert.relay.policy;

import dev.culvert.server.config.InvalidValueException;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Short ways to write policies and addresses. */
final class PolicyFixture {
    /** A server that relays nothing. */
    static final RelayPorts NO_RELAY_PORTS = relayPorts(List.of(), (own, port) -> false);

    /** {@link RelayPorts#isLive} alone. */
    @FunctionalInterface
    interface LivePorts {
        boolean test(IpAddress own, int port);
    }

    private PolicyFixture() {}

    /** A policy of rules such as {@code allow 10.0.0.0/8:80}, on a server whose addresses play no part. */
    static PeerPolicy policy(String... rules) {
        return new PeerPolicy(rules(rules), List.of(), NO_RELAY_PORTS);
    }

    static List<PeerRule> rules(String... texts) {
        return Stream.of(texts).map(PolicyFixture::rule).toList();
    }

    static PeerRule rule(String text) {
        String[] words = text.split(" ");
        try {
            return words[0].equals("allow") ? PeerRule.allow(words[1]) : PeerRule.deny(words[1]);
        } catch (InvalidValueException e) {
            throw new AssertionError(text + ": " + e.wrong(), e);
        }
    }

    static IpAddress ip(String text) {
        return IpAddress.parse(text).orElseThrow(() -> new AssertionError(text));
    }

    static TransportAddress peer(String text) {
        return TransportAddress.parse(text).orElseThrow(() -> new AssertionError(text));
    }

    static RelayPorts relayPorts(List<IpAddress> addresses, LivePorts live) {
        return new RelayPorts() {
            @Override
            public boolean areOn(IpAddress own) {
                return addresses.contains(own);
            }

            @Override
            public boolean isLive(IpAddress own, int port) {
                return live.test(own, port);
            }
        };
    }

    /** {@code ipv4} as it is, and in every encoding. */
    static List<IpAddress> everyEncoding(IpAddress ipv4) {
        List<IpAddress> all = new ArrayList<>(List.of(ipv4));
        for (EncodedAddress encoding : EncodedAddress.values()) {
            all.add(encoding.of(ipv4));
        }
        return all;
    }
}
