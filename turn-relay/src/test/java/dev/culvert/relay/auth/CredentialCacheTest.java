package dev.culvert.relay.auth;

import static dev.culvert.relay.auth.ServerSide.FLOW;
import static dev.culvert.relay.auth.ServerSide.REALM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.relay.auth.Authentication.Authenticated;
import dev.culvert.relay.auth.Authentication.NeedCredential;
import dev.culvert.relay.auth.Authentication.Reason;
import dev.culvert.relay.auth.Authentication.Refused;
import dev.culvert.relay.auth.CredentialCache.Admission;
import dev.culvert.relay.auth.CredentialCache.Limits;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.stun.Octets;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.integrity.Userhashes;
import dev.culvert.testkit.VirtualClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Credentials from elsewhere, on clocks that start where wrong comparisons show. */
class CredentialCacheTest {
    private static final Limits LIMITS = new Limits(
            3, 2, 2, 4, Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofSeconds(3));
    private static final ClaimedUser ALICE = new ClaimedUser.ByName("alice");
    private static final LookupAnswer UNKNOWN = new LookupAnswer.Unknown();
    private static final LookupAnswer FAILED = new LookupAnswer.Failed("no route");
    private static final long SECOND = 1_000_000_000;

    private final CredentialCache cache = CredentialCache.of(SecurityOffer.ALL, LIMITS);

    static long[] starts() {
        return VirtualClock.hostileStarts();
    }

    @ParameterizedTest
    @MethodSource("starts")
    void requestIsAuthenticatedOnceItsCredentialHasBeenLookedUp(long start) {
        ServerSide server = ServerSide.with(Credentials.none(), cache, start);
        LongTermClient client = server.challenge(LongTermClient.ofRfc5389("alice", "secret"));
        StunMessage request = client.request();
        assertThat(server.receive(request)).isEqualTo(new NeedCredential(ALICE));

        assertThat(cache.await(ALICE, FLOW, request, server.clock.nowNanos())).isEqualTo(Admission.ASK);
        server.advance(Duration.ofSeconds(2));
        List<WaitingRequest> released = cache.answered(ALICE, found("alice"), server.clock.nowNanos());

        assertThat(released).hasSize(1);
        assertThat(released.get(0).flow()).isEqualTo(FLOW);
        StunMessage again = new StunMessage();
        again.wrap(released.get(0).bytes());
        assertThat(server.receive(again)).isInstanceOf(Authenticated.class);
        server.advance(Duration.ofSeconds(59));
        assertThat(server.receive(client.request())).isInstanceOf(Authenticated.class);
        server.advance(Duration.ofSeconds(1));
        assertThat(server.receive(client.request())).isEqualTo(new NeedCredential(ALICE));
    }

    @ParameterizedTest
    @MethodSource("starts")
    void unknownUserIsRefusedAndNotAskedForAgainSoon(long start) {
        ServerSide server = ServerSide.with(Credentials.none(), cache, start);
        LongTermClient client = server.challenge(LongTermClient.ofRfc5389("alice", "secret"));
        cache.await(ALICE, FLOW, client.request(), server.clock.nowNanos());

        cache.answered(ALICE, UNKNOWN, server.clock.nowNanos());

        server.advance(Duration.ofSeconds(9));
        assertThat(((Refused) server.receive(client.request())).reason()).isEqualTo(Reason.UNKNOWN_USER);
        server.advance(Duration.ofSeconds(1));
        assertThat(server.receive(client.request())).isEqualTo(new NeedCredential(ALICE));
    }

    @ParameterizedTest
    @MethodSource("starts")
    void storeThatDoesNotAnswerInTimeIsAServerError(long start) {
        ServerSide server = ServerSide.with(Credentials.none(), cache, start);
        LongTermClient client = server.challenge(LongTermClient.ofRfc5389("alice", "secret"));
        StunMessage request = client.request();
        cache.await(ALICE, FLOW, request, server.clock.nowNanos());
        assertThat(cache.nextDeadlineNanos()).hasValue(start + 3 * SECOND);
        server.clock.advanceNanos(3 * SECOND - 1);
        assertThat(cache.onTimeout(server.clock.nowNanos())).isEmpty();
        server.clock.advanceNanos(1);

        List<WaitingRequest> released = cache.onTimeout(server.clock.nowNanos());

        assertThat(released).hasSize(1);
        Refused refused = (Refused) server.receive(request);
        assertThat(refused.reason()).isEqualTo(Reason.STORE_FAILED);
        assertThat(refused.attributes()).containsExactly(new ErrorCode(500, ""));
        assertThat(cache.nextDeadlineNanos()).isEmpty();
        assertThat(cache.answered(ALICE, found("alice"), server.clock.nowNanos()))
                .isEmpty();
        assertThat(server.receive(request)).isInstanceOf(Authenticated.class);
    }

    @Test
    void failureIsForgottenSoon() {
        cache.answered(ALICE, FAILED, 0);

        assertThat(cache.find(ALICE, SECOND - 1)).contains(FAILED);
        assertThat(cache.find(ALICE, SECOND)).isEmpty();
    }

    @Test
    void userByHashIsLookedUpByHash() {
        ServerSide server = ServerSide.with(Credentials.none(), cache, 0);
        LongTermClient client =
                server.challenge(LongTermClient.ofRfc8489("alice", "secret", PasswordAlgorithm.SHA_256));
        ClaimedUser hidden = new ClaimedUser.ByHash(Userhashes.of("alice", REALM));
        assertThat(server.receive(client.request())).isEqualTo(new NeedCredential(hidden));

        cache.answered(hidden, found("alice"), 0);

        assertThat(server.receive(client.request())).isInstanceOf(Authenticated.class);
    }

    @Test
    void oneLookUpServesAllThatWaitAndRetransmissionsDoNotCount() {
        StunMessage first = request();
        StunMessage second = request();
        FiveTuple elsewhere = ServerSide.flow(Transport.TCP, "198.51.100.9:5000");

        assertThat(cache.await(ALICE, FLOW, first, 0)).isEqualTo(Admission.ASK);
        assertThat(cache.await(ALICE, FLOW, first, 1)).isEqualTo(Admission.RETRANSMISSION);
        assertThat(cache.await(ALICE, elsewhere, first, 2)).isEqualTo(Admission.WAITS);
        assertThat(cache.await(ALICE, FLOW, second, 3)).isEqualTo(Admission.WAITS);

        assertThat(cache.answered(ALICE, UNKNOWN, 4))
                .extracting(WaitingRequest::flow)
                .containsExactly(FLOW, elsewhere, FLOW);
    }

    @Test
    void waitingRequestIsACopy() {
        StunMessage request = request();
        byte before = request.buffer().get(7);
        cache.await(ALICE, FLOW, request, 0);

        request.buffer().put(7, (byte) (before + 1));

        assertThat(cache.answered(ALICE, UNKNOWN, 0).get(0).bytes().get(7)).isEqualTo(before);
    }

    @Test
    void waitingIsCappedInUsersInRequestsAndInBytes() {
        assertThat(cache.await(user(1), FLOW, request(), 0)).isEqualTo(Admission.ASK);
        assertThat(cache.await(user(2), FLOW, request(), 0)).isEqualTo(Admission.ASK);
        assertThat(cache.await(user(3), FLOW, request(), 0)).isEqualTo(Admission.FULL);
        assertThat(cache.await(user(2), FLOW, request(), 0)).isEqualTo(Admission.WAITS);
        assertThat(cache.await(user(2), FLOW, request(), 0)).isEqualTo(Admission.WAITS);
        assertThat(cache.await(user(2), FLOW, request(), 0)).isEqualTo(Admission.FULL);

        cache.answered(user(2), UNKNOWN, 0);

        assertThat(cache.await(user(3), FLOW, request(), 0)).isEqualTo(Admission.ASK);
        StunMessage tooLong = Messages.bare(List.of(new Data(Octets.of(new byte[2048]))));
        assertThat(cache.await(user(3), FLOW, tooLong, 0)).isEqualTo(Admission.FULL);
        assertThat(cache.onTimeout(3 * SECOND)).hasSize(2);
        for (int i = 4; i < 6; i++) {
            assertThat(cache.await(user(i), FLOW, request(), 0)).isEqualTo(Admission.ASK);
        }
    }

    @Test
    void floodOfUnknownNamesDoesNotDriveKnownOnesOut() {
        cache.answered(ALICE, found("alice"), 0);

        for (int i = 0; i < 1000; i++) {
            cache.answered(user(i), UNKNOWN, 0);
        }

        assertThat(cache.find(ALICE, 0)).isPresent();
        assertThat(cache.find(user(997), 0)).isEmpty();
        assertThat(cache.find(user(999), 0)).contains(UNKNOWN);
    }

    @Test
    void leastRecentlyUsedCredentialGivesWay() {
        for (int i = 1; i <= 3; i++) {
            cache.answered(user(i), found("user" + i), 0);
        }
        assertThat(cache.find(user(1), 0)).isPresent();

        cache.answered(user(4), found("user4"), 0);

        assertThat(cache.find(user(1), 0)).isPresent();
        assertThat(cache.find(user(2), 0)).isEmpty();
    }

    @Test
    void laterAnswerReplacesTheOneBefore() {
        cache.answered(ALICE, found("alice"), 0);
        cache.answered(ALICE, UNKNOWN, 0);
        assertThat(cache.find(ALICE, 0)).contains(UNKNOWN);

        cache.answered(ALICE, found("alice"), 0);
        assertThat(cache.find(ALICE, 0)).contains(found("alice"));

        cache.forget();
        assertThat(cache.find(ALICE, 0)).isEmpty();
    }

    @Test
    void withoutStoresNobodyIsAskedFor() {
        assertThat(CredentialCache.withoutStores().find(ALICE, 0)).contains(UNKNOWN);
    }

    @Test
    void cacheThatHoldsNothingIsRefused() {
        Duration any = Duration.ofSeconds(1);
        assertThatThrownBy(() -> new Limits(1, 1, 0, 1, any, any, any, any))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static StunMessage request() {
        return Messages.bare(List.of());
    }

    private static ClaimedUser user(int number) {
        return new ClaimedUser.ByName("user" + number);
    }

    private static LookupAnswer found(String name) {
        return new LookupAnswer.Found(Credential.ofPassword(name, REALM, "secret"));
    }
}
