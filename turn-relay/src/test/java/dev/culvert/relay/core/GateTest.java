package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.auth.Authenticator;
import dev.culvert.relay.auth.ClaimedUser;
import dev.culvert.relay.auth.Credential;
import dev.culvert.relay.auth.CredentialCache;
import dev.culvert.relay.auth.Credentials;
import dev.culvert.relay.auth.LookupAnswer;
import dev.culvert.relay.auth.NonceKeys;
import dev.culvert.relay.auth.Nonces;
import dev.culvert.relay.auth.SecurityOffer;
import dev.culvert.relay.policy.PeerPolicy;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.core.SourceRateLimiter;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.MessageIntegrity;
import dev.culvert.stun.attribute.XorRelayedAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Servers with other gates than that of {@link RelayUnderTest}. */
class GateTest {
    private static final long NOW = -5;
    private static final long EPOCH_SECONDS = 1_800_000_000;

    private final Machine machine = new Machine();
    private final RecordingOutput out = new RecordingOutput(machine);
    private final TestClient alice = TestClient.alice("198.51.100.7:40000");

    private TurnServer server(Gate gate, Ledger ledger) {
        return new TurnServer(
                RelaySettings.DEFAULT,
                (family, asked) -> family == AddressFamily.IPV4
                        ? Optional.of(RelayAddress.of(RelayUnderTest.RELAY_V4))
                        : Optional.empty(),
                gate,
                new PeerPolicy(List.of(), List.of(RelayUnderTest.RELAY_V4), ledger),
                ledger,
                new Random(1));
    }

    private void send(TurnServer server, FiveTuple flow, byte[] bytes) {
        server.onBytes(flow, ByteBuffer.wrap(bytes), 0, bytes.length, NOW, EPOCH_SECONDS, out);
    }

    private StunMessage answer() {
        return RelayUnderTest.message(((Sent.Reply) out.sent.remove()).bytes());
    }

    @Test
    void credentialOfAnExternalStoreIsAskedForAndTheRequestComesAgain() {
        CredentialCache cache = CredentialCache.of(SecurityOffer.ALL, CredentialCache.Limits.DEFAULT);
        Nonces nonces = new Nonces(NonceKeys.random(new Random(1)), Nonces.DEFAULT_LIFETIME);
        Authenticator authenticator = new Authenticator(TestClient.REALM, Credentials.none(), cache, nonces);
        TurnServer server =
                server(Gate.of(authenticator, SourceRateLimiter.unlimited()), new Ledger(50_000, 50_063, 10, 10));
        send(server, alice.flow, alice.encode(Ask.allocate()));
        alice.isChallenged(answer());
        byte[] request = alice.encode(Ask.allocate());

        send(server, alice.flow, request);
        send(server, alice.flow, request);

        assertThat(out.sent).isEmpty();
        assertThat(out.needed)
                .singleElement()
                .satisfies(needed -> assertThat(needed.user()).isEqualTo(new ClaimedUser.ByName("alice")));
        assertThat(machine.bound).isEmpty();
        Credential found = Credential.ofPassword("alice", TestClient.REALM, "secret");
        cache.answered(new ClaimedUser.ByName("alice"), new LookupAnswer.Found(found), NOW)
                .forEach(waiting -> send(server, waiting.flow(), waiting.bytes().array()));
        assertThat(out.sent).hasSize(1);
        StunMessage granted = answer();
        alice.trust(granted);
        assertThat(granted.has(XorRelayedAddress.TYPE)).isTrue();
        assertThat(server.allocations()).isOne();
    }

    @Test
    void openGateTakesEverybodyAndCountsByAddress() {
        TurnServer server = server(Gate.insecureOpen(), new Ledger(50_000, 50_063, 10, 1));
        TestClient samePlace = TestClient.bob("198.51.100.7:40001");
        TestClient otherPlace = TestClient.bob("198.51.100.8:40000");

        send(server, alice.flow, alice.encode(Ask.allocate()));
        send(server, samePlace.flow, samePlace.encode(Ask.allocate()));
        send(server, otherPlace.flow, otherPlace.encode(Ask.allocate()));

        StunMessage first = answer();
        assertThat(first.has(XorRelayedAddress.TYPE)).isTrue();
        assertThat(first.has(MessageIntegrity.TYPE)).isFalse();
        assertThat(answer().get(ErrorCode.TYPE).map(ErrorCode::code)).contains(486);
        assertThat(answer().has(XorRelayedAddress.TYPE)).isTrue();
    }

    @Test
    void requestIsFutileOnlyWithoutAShareAndWithoutAGoodNonce() {
        Authenticator authenticator = new Authenticator(
                TestClient.REALM,
                Credentials.none(),
                CredentialCache.of(SecurityOffer.ALL, CredentialCache.Limits.DEFAULT),
                new Nonces(NonceKeys.random(new Random(1)), Nonces.DEFAULT_LIFETIME));
        Gate gate = Gate.of(authenticator, SourceRateLimiter.of(1, 1, 7, NOW));
        TestClient stranger = TestClient.bob("198.51.100.9:40000");
        send(server(gate, new Ledger(50_000, 50_063, 10, 10)), alice.flow, alice.encode(Ask.allocate()));
        alice.isChallenged(answer());
        StunMessage request = RelayUnderTest.message(alice.encode(Ask.allocate()));
        long later = NOW + 1_000_000_000;

        assertThat(gate.isFutile(request, alice.flow, NOW, EPOCH_SECONDS)).isFalse();
        assertThat(gate.isFutile(request, stranger.flow, NOW, EPOCH_SECONDS)).isTrue();
        assertThat(gate.isFutile(request, stranger.flow, later, EPOCH_SECONDS)).isFalse();
        assertThat(gate.isFutile(request, alice.flow, NOW, EPOCH_SECONDS + 3600))
                .isTrue();
        assertThat(Gate.insecureOpen().isFutile(request, stranger.flow, NOW, EPOCH_SECONDS))
                .isFalse();
    }
}
