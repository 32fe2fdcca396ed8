package dev.culvert.relay.auth;

import static dev.culvert.relay.auth.ServerSide.FLOW;
import static dev.culvert.relay.auth.ServerSide.REALM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.relay.auth.Authentication.Authenticated;
import dev.culvert.relay.auth.Authentication.NeedCredential;
import dev.culvert.relay.auth.Authentication.Reason;
import dev.culvert.relay.auth.Authentication.Refused;
import dev.culvert.relay.auth.Authentication.Waiting;
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

        assertThat(server.receive(request)).isEqualTo(new NeedCredential(ALICE, start + 3 * SECOND));
        assertThat(server.receive(request)).isEqualTo(new Waiting());
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
        assertThat(server.receive(client.request())).isInstanceOf(NeedCredential.class);
    }

    @ParameterizedTest
    @MethodSource("starts")
    void unknownUserIsRefusedAndNotAskedForAgainSoon(long start) {
        ServerSide server = ServerSide.with(Credentials.none(), cache, start);
        LongTermClient client = server.challenge(LongTermClient.ofRfc5389("alice", "secret"));
        server.receive(client.request());

        cache.answered(ALICE, UNKNOWN, server.clock.nowNanos());

        server.advance(Duration.ofSeconds(9));
        assertThat(((Refused) server.receive(client.request())).reason()).isEqualTo(Reason.UNKNOWN_USER);
        server.advance(Duration.ofSeconds(1));
        assertThat(server.receive(client.request())).isInstanceOf(NeedCredential.class);
    }

    @ParameterizedTest
    @MethodSource("starts")
    void storeThatDoesNotAnswerInTimeIsAServerError(long start) {
        ServerSide server = ServerSide.with(Credentials.none(), cache, start);
        LongTermClient client = server.challenge(LongTermClient.ofRfc5389("alice", "secret"));
        StunMessage request = client.request();
        assertThat(server.receive(request)).isInstanceOf(NeedCredential.class);
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
    void requestThatFindsNoRoomToWaitIsAServerError() {
        ServerSide server = ServerSide.with(Credentials.none(), cache, 0);
        LongTermClient client = server.challenge(LongTermClient.ofRfc5389("alice", "secret"));
        for (int i = 0; i < 4; i++) {
            assertThat(server.receive(client.request()))
                    .isEqualTo(i == 0 ? new NeedCredential(ALICE, 3 * SECOND) : new Waiting());
        }

        Refused refused = (Refused) server.receive(client.request());

        assertThat(refused.reason()).isEqualTo(Reason.STORE_BUSY);
        assertThat(refused.attributes()).containsExactly(new ErrorCode(500, ""));
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
        assertThat(server.receive(client.request())).isEqualTo(new NeedCredential(hidden, 3 * SECOND));

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
        assertThat(cache.await(user(3), FLOW, requestOf(2052), 0)).isEqualTo(Admission.FULL);
        assertThat(cache.await(user(3), FLOW, requestOf(2048), 0)).isEqualTo(Admission.WAITS);
        assertThat(cache.onTimeout(3 * SECOND)).hasSize(3);
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

        cache.answered(user(1), UNKNOWN, 0);
        cache.forget();
        assertThat(cache.find(ALICE, 0)).isEmpty();
        assertThat(cache.find(user(1), 0)).isEmpty();
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

    private static StunMessage requestOf(int lengthBytes) {
        return Messages.bare(List.of(new Data(Octets.of(new byte[lengthBytes - 24]))));
    }

    private static ClaimedUser user(int number) {
        return new ClaimedUser.ByName("user" + number);
    }

    private static LookupAnswer found(String name) {
        return new LookupAnswer.Found(Credential.ofPassword(name, REALM, "secret"));
    }
}
