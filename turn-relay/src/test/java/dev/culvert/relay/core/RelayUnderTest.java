package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.auth.Authenticator;
import dev.culvert.relay.auth.CredentialCache;
import dev.culvert.relay.auth.Credentials;
import dev.culvert.relay.auth.InvalidUsersException;
import dev.culvert.relay.auth.NonceKeys;
import dev.culvert.relay.auth.Nonces;
import dev.culvert.relay.auth.SharedSecret;
import dev.culvert.relay.auth.SharedSecrets;
import dev.culvert.relay.auth.StaticUsers;
import dev.culvert.relay.core.RelayEvent.AllocationEnded;
import dev.culvert.relay.policy.PeerPolicy;
import dev.culvert.relay.policy.PeerRule;
import dev.culvert.server.config.InvalidValueException;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.core.SourceAddress;
import dev.culvert.server.core.SourceRateLimiter;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.XorRelayedAddress;
import dev.culvert.testkit.VirtualClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A relay as a value: what clients and peers send goes in, what leaves is taken out, time stands still until told. */
final class RelayUnderTest {
    static final String SERVER = "203.0.113.5:3478";
    static final String SERVER_V6 = "[2001:db8:5::5]:3478";
    static final IpAddress RELAY_V4 = ip("203.0.113.5");
    static final IpAddress RELAY_V6 = ip("2001:db8:5::5");
    static final SharedSecret SHARED_SECRET = SharedSecret.of("north");
    static final long START_EPOCH_SECONDS = 1_800_000_000;
    private static final NonceKeys KEYS = NonceKeys.random(new Random(1));

    final VirtualClock clock;
    final Machine machine;
    final Ledger ledger;
    final RecordingOutput out;
    final TurnServer server;
    private final long startNanos;

    /** What may differ from test to test. */
    static final class Options {
        RelaySettings settings = RelaySettings.DEFAULT;
        RelayMode mode = TestedMode.mode();
        VirtualClock clock = VirtualClock.startingAt(Long.MAX_VALUE - 1_000_000);
        Machine machine = new Machine();
        Ledger ledger = new Ledger(50_000, 50_063, 1000, 64);
        boolean hasV4 = true;
        boolean hasV6 = true;
        Optional<IpAddress> told = Optional.empty();
        SourceRateLimiter limiter = SourceRateLimiter.unlimited();
        List<String> rules = List.of("allow 192.0.2.0/24", "allow 2001:db8:9::/48");
        long seed = 1;
    }

    RelayUnderTest() {
        this(new Options());
    }

    RelayUnderTest(Options options) {
        clock = options.clock;
        startNanos = clock.nowNanos();
        machine = options.machine;
        ledger = options.ledger;
        out = new RecordingOutput(machine);
        Gate gate = Gate.of(authenticator(), options.limiter);
        server = new TurnServer(
                options.settings.withMode(options.mode),
                (family, asked) -> addresses(options, family),
                gate,
                policy(options.rules),
                ledger,
                new Random(options.seed));
    }

    private static Optional<RelayAddress> addresses(Options options, AddressFamily family) {
        if (family == AddressFamily.IPV4) {
            RelayAddress address = new RelayAddress(RELAY_V4, options.told.orElse(RELAY_V4));
            return options.hasV4 ? Optional.of(address) : Optional.empty();
        }
        return options.hasV6 ? Optional.of(RelayAddress.of(RELAY_V6)) : Optional.empty();
    }

    private static Authenticator authenticator() {
        try {
            Credentials users = StaticUsers.ofOptions(TestClient.REALM, List.of("alice:secret", "bob:hush"));
            Credentials secrets = SharedSecrets.of(TestClient.REALM, List.of(SHARED_SECRET));
            return new Authenticator(
                    TestClient.REALM,
                    Credentials.all(List.of(users, secrets)),
                    CredentialCache.withoutStores(),
                    new Nonces(KEYS, Duration.ofHours(1)));
        } catch (InvalidUsersException e) {
            throw new AssertionError(e);
        }
    }

    PeerPolicy policy(List<String> rules) {
        return policy(rules, List.of(RELAY_V4, RELAY_V6));
    }

    PeerPolicy policy(List<String> rules, List<IpAddress> own) {
        return new PeerPolicy(rules.stream().map(RelayUnderTest::rule).toList(), own, ledger);
    }

    private static PeerRule rule(String text) {
        String[] words = text.split(" ");
        try {
            return words[0].equals("allow") ? PeerRule.allow(words[1]) : PeerRule.deny(words[1]);
        } catch (InvalidValueException e) {
            throw new AssertionError(text, e);
        }
    }

    static IpAddress ip(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    long epochSeconds() {
        return START_EPOCH_SECONDS + (clock.nowNanos() - startNanos) / 1_000_000_000;
    }

    /** Lets time pass without anybody seeing to the timers. */
    void pass(Duration time) {
        clock.advance(time);
    }

    /** Lets time pass, and each timer go off when it is due. */
    void passWithTimers(Duration time) {
        long end = clock.nowNanos() + time.toNanos();
        while (server.nextDeadlineNanos().isPresent()
                && server.nextDeadlineNanos().getAsLong() - end <= 0) {
            clock.advanceTo(server.nextDeadlineNanos().getAsLong());
            server.onTimeout(clock.nowNanos(), out);
        }
        clock.advanceTo(end);
    }

    /** Sends what a client asks for; a challenge is met on the way. */
    void whenClientSends(TestClient client, Ask ask) {
        whenClientSends(client, client.encode(ask));
        if (out.sent.peekLast() instanceof Sent.Reply reply && client.isChallenged(message(reply.bytes()))) {
            out.sent.removeLast();
            whenClientSends(client, client.encode(ask));
        }
    }

    void whenClientSends(TestClient client, byte[] bytes) {
        whenFlowSends(client.flow, bytes);
    }

    void whenFlowSends(FiveTuple flow, byte[] bytes) {
        // Inside a larger buffer, as the bytes lie in a receive ring.
        ByteBuffer ring = ByteBuffer.allocate(bytes.length + 16).put(8, bytes);
        server.onBytes(flow, ring, 8, bytes.length, clock.nowNanos(), epochSeconds(), out);
    }

    StunMessage thenRelayAnswers(TestClient client) {
        assertThat(out.sent).as("messages sent").isNotEmpty();
        Sent.Reply reply = (Sent.Reply) out.sent.remove();
        assertThat(reply.flow()).isEqualTo(client.flow);
        return message(reply.bytes());
    }

    StunMessage thenRelayGrants(TestClient client) {
        StunMessage answer = thenRelayAnswers(client);
        assertThat(answer.get(ErrorCode.TYPE)).isEmpty();
        client.trust(answer);
        return answer;
    }

    StunMessage thenRelayRefuses(TestClient client, int code) {
        StunMessage answer = thenRelayAnswers(client);
        assertThat(answer.get(ErrorCode.TYPE).map(ErrorCode::code)).contains(code);
        client.trust(answer);
        return answer;
    }

    void thenRelayIsSilent() {
        assertThat(out.sent).isEmpty();
    }

    void thenRelaySends(TransportAddress from, String peer, String data) {
        assertThat(out.sent.poll()).isEqualTo(new Sent.ToPeer(from, Ask.address(peer), data, false));
    }

    /** The relayed transport address of a new allocation. */
    TransportAddress allocate(TestClient client) {
        whenClientSends(client, Ask.allocate());
        return thenRelayGrants(client).get(XorRelayedAddress.TYPE).orElseThrow().address();
    }

    void grant(TestClient client, Ask ask) {
        whenClientSends(client, ask);
        thenRelayGrants(client);
    }

    void refuse(TestClient client, Ask ask, int code) {
        whenClientSends(client, ask);
        thenRelayRefuses(client, code);
    }

    /** Where the relay would send ChannelData of {@code client}. */
    @Nullable
    ChannelBinding whenClientSendsChannelData(TestClient client, int channel) {
        int endpoint = server.endpoint(client.flow.transport(), client.flow.local());
        return server.routeToPeer(endpoint, SourceAddress.of(client.flow.remote()), channel, 100, clock.nowNanos());
    }

    /** Where a packet goes that a peer sends to a relayed address. */
    @Nullable
    Route whenPeerSends(String peer, TransportAddress relayed) {
        RelayPort port = out.started.get(relayed);
        return port == null
                ? null
                : server.routeToClient(port, SourceAddress.of(Ask.address(peer)), 100, clock.nowNanos());
    }

    /** Whether a packet from {@code peer} reaches the client, in a Data indication or on a channel. */
    boolean isHeard(String peer, TransportAddress relayed) {
        return whenPeerSends(peer, relayed) != null;
    }

    List<AllocationEnded> ended() {
        List<AllocationEnded> all = new ArrayList<>();
        out.events.stream()
                .filter(AllocationEnded.class::isInstance)
                .map(AllocationEnded.class::cast)
                .forEach(all::add);
        return all;
    }

    void thenNothingIsLeft() {
        assertThat(server.allocations()).isZero();
        assertThat(server.timers()).isZero();
        assertThat(ledger.totals()).isEqualTo(Ledger.Totals.ZERO);
        assertThat(machine.bound).isEmpty();
        assertThat(out.started).isEmpty();
    }

    static StunMessage message(byte[] bytes) {
        StunMessage message = new StunMessage();
        assertThat(message.wrap(ByteBuffer.wrap(bytes))).isEqualTo(Malformation.NONE);
        return message;
    }
}
