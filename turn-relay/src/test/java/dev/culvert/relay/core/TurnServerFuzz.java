package dev.culvert.relay.core;

import dev.culvert.relay.core.RelayUnderTest.Options;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.Octets;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.ValueWriter;
import dev.culvert.stun.attribute.AdditionalAddressFamily;
import dev.culvert.stun.attribute.EvenPort;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Any bytes at any time into the server keep its invariants. The input is a script of steps: packets of several clients,
 * some with a valid integrity over anything, packets of peers, leaps of time, other policies.
 */
public final class TurnServerFuzz {
    private static final List<String> PEERS =
            List.of("192.0.2.9:5000", "192.0.2.10:1", "[2001:db8:9::9]:7", "10.0.0.7:5000", "203.0.113.5:50000");

    private static final List<List<String>> POLICIES =
            List.of(List.of("allow 192.0.2.0/24", "allow 2001:db8:9::/48"), List.of("allow 192.0.2.9:5000"), List.of());

    private final ByteBuffer script;
    private final RelayUnderTest relay;
    private final List<TestClient> clients = List.of(
            TestClient.alice("198.51.100.7:40000"),
            TestClient.bob("198.51.100.7:40001"),
            TestClient.alice("[2001:db8:7::7]:1"));

    private List<String> rules = POLICIES.get(0);

    /** An attribute of any type and value. */
    private record Anything(int number, Octets value) implements Attribute {
        @Override
        public AttributeType<Anything> type() {
            return new AttributeType<>(number, "0x" + Integer.toHexString(number), unused -> Optional.of(this));
        }

        @Override
        public void encode(ValueWriter out) {
            out.octets(value);
        }
    }

    private TurnServerFuzz(byte[] data) {
        script = ByteBuffer.wrap(data);
        Options options = new Options();
        options.ledger = new Ledger(50_000, 50_007, 6, 4);
        int how = next();
        options.settings = new RelaySettings(600, 3600, 3, 2, 0x4FFF, how % 2 == 0, "");
        options.mode = how % 4 < 2 ? RelayMode.EXCLUSIVE : new RelayMode(1, 2);
        relay = new RelayUnderTest(options);
    }

    public static void fuzzerTestOneInput(byte[] data) {
        new TurnServerFuzz(data).run();
    }

    private void run() {
        while (script.hasRemaining()) {
            step(clients.get(next() % clients.size()));
            checkWhatWasSent();
            checkLedger();
        }
        relay.server.endAll(relay.clock.nowNanos(), relay.out);
        relay.thenNothingIsLeft();
    }

    private int next() {
        return script.hasRemaining() ? script.get() & 0xFF : 0;
    }

    private byte[] bytes() {
        byte[] bytes = new byte[Math.min(next(), script.remaining())];
        script.get(bytes);
        return bytes;
    }

    private void step(TestClient client) {
        switch (next() % 10) {
            case 0 -> relay.whenClientSends(client, bytes());
            case 1 -> relay.whenClientSends(client, anything());
            case 2 -> relay.whenClientSends(client, allocate());
            case 3 -> relay.whenClientSends(client, Ask.refresh(next() * 10L));
            case 4 -> relay.whenClientSends(client, Ask.createPermission(peer(), peer()));
            case 5 -> relay.whenClientSends(client, Ask.channelBind(0x4000 + next() % 4, peer()));
            case 6 -> relay.whenClientSends(client, Ask.sendIndication(peer(), "data"));
            case 7 -> packets(client);
            case 8 -> pass();
            default -> change(client);
        }
    }

    private Ask anything() {
        int[] methods = {
            StunMethod.ALLOCATE,
            StunMethod.REFRESH,
            StunMethod.CREATE_PERMISSION,
            StunMethod.CHANNEL_BIND,
            StunMethod.SEND
        };
        int method = methods[next() % methods.length];
        List<Attribute> attributes = new ArrayList<>();
        int count = next() % 4;
        for (int i = 0; i < count; i++) {
            int high = next();
            attributes.add(new Anything(high << 8 | next(), Octets.of(bytes())));
        }
        return new Ask(method, attributes);
    }

    private Ask allocate() {
        return switch (next() % 4) {
            case 0 -> Ask.allocate(new EvenPort(true));
            case 1 -> Ask.allocate(new AdditionalAddressFamily(2));
            default -> Ask.allocate();
        };
    }

    private String peer() {
        return PEERS.get(next() % PEERS.size());
    }

    private void packets(TestClient client) {
        ChannelBinding binding = relay.whenClientSendsChannelData(client, next() << 8 | next());
        if (binding != null) {
            requireAllowed(binding.peer());
        }
        String peer = peer();
        for (TransportAddress relayed : List.copyOf(relay.out.started.keySet())) {
            if (relay.isHeard(peer, relayed)) {
                requireAllowed(Ask.address(peer));
            }
        }
    }

    private void pass() {
        Duration time = Duration.ofSeconds(next() * (long) next());
        if (next() % 2 == 0) {
            relay.pass(time);
        } else {
            relay.passWithTimers(time);
        }
    }

    private void change(TestClient client) {
        int what = next() % 5;
        if (what < POLICIES.size()) {
            rules = POLICIES.get(what);
            relay.server.replacePolicy(relay.policy(rules), relay.out);
            return;
        }
        relay.server.onConnectionClosed(client.flow, relay.clock.nowNanos(), relay.out);
    }

    private void checkWhatWasSent() {
        for (Sent sent : relay.out.sent) {
            if (sent instanceof Sent.ToPeer toPeer) {
                requireAllowed(toPeer.peer());
                require(relay.out.started.containsKey(toPeer.from()), sent);
            } else if (sent instanceof Sent.ToClient toClient) {
                requireAllowed(toClient.peer());
                require(relay.server.hasAllocation(toClient.flow()), sent);
            } else if (sent instanceof Sent.Reply reply) {
                byte[] answer = reply.bytes();
                require(new StunMessage().wrap(ByteBuffer.wrap(answer)) == Malformation.NONE, Arrays.toString(answer));
            }
        }
        relay.out.sent.clear();
        relay.out.events.clear();
    }

    private void requireAllowed(TransportAddress peer) {
        require(relay.policy(rules).allows(peer), peer);
    }

    private void checkLedger() {
        Ledger.Totals totals = relay.ledger.totals();
        require(totals.ports() == relay.machine.bound.size(), totals);
        require(totals.ports() == relay.out.started.size() + totals.reservations(), totals);
        require(totals.units() == relay.server.allocations() + totals.reservations(), totals);
        require(totals.units() <= 6 && totals.users() <= 2, totals);
        require(relay.server.timers() >= totals.ports(), totals);
    }

    private static void require(boolean isTrue, Object what) {
        if (!isTrue) {
            throw new AssertionError(what);
        }
    }
}
