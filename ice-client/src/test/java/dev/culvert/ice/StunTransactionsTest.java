package dev.culvert.ice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Octets;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.OpaqueAttribute;
import dev.culvert.stun.attribute.Software;
import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.VirtualClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class StunTransactionsTest {
    private static final SocketId SOCKET = new SocketId(0);
    private static final TransportAddress SERVER =
            TransportAddress.parse("192.0.2.1:3478").orElseThrow();
    private static final TransportAddress STRANGER =
            TransportAddress.parse("192.0.2.66:3478").orElseThrow();

    private final Random random = new Random(7);
    private final List<String> events = new ArrayList<>();
    private VirtualClock clock = VirtualClock.startingAt(Long.MIN_VALUE);
    private final List<Long> sendTimes = new ArrayList<>();
    private final StunTransactions transactions =
            new StunTransactions((socket, to, bytes) -> sendTimes.add(clock.nowNanos()));

    private final StunTransactionHandler recorder = new StunTransactionHandler() {
        @Override
        public void onAnswer(StunRequest request, StunReply answer, StunTransaction transaction) {
            events.add("answer");
        }

        @Override
        public void onSilence(StunRequest request, StunTransaction transaction) {
            events.add("silence");
        }

        @Override
        public void onStray(StunRequest request, Stray stray, StunTransaction transaction) {
            events.add(stray.kind().name());
        }
    };

    static long[] hostileStarts() {
        return VirtualClock.hostileStarts();
    }

    @ParameterizedTest
    @MethodSource("hostileStarts")
    @Rfc("8489#6.2.1 (4)")
    void probeSendsABurstOfFiveAndGivesUp(long startNanos) {
        clock = VirtualClock.startingAt(startNanos);

        start(RetransmissionSchedule.probe());
        runToTheEnd();

        assertThat(millisSince(startNanos, sendTimes)).containsExactly(0L, 100L, 300L, 700L, 1500L);
        assertThat(clock.nowNanos() - startNanos)
                .isEqualTo(Duration.ofMillis(2500).toNanos());
        assertThat(events).containsExactly("silence");
    }

    @ParameterizedTest
    @MethodSource("hostileStarts")
    @Rfc("8489#6.2.1 (1)")
    void patientScheduleIsThatOfTheRfc(long startNanos) {
        clock = VirtualClock.startingAt(startNanos);

        start(RetransmissionSchedule.standard());
        runToTheEnd();

        assertThat(millisSince(startNanos, sendTimes)).containsExactly(0L, 500L, 1500L, 3500L, 7500L, 15_500L, 31_500L);
        assertThat(clock.nowNanos() - startNanos)
                .isEqualTo(Duration.ofMillis(39_500).toNanos());
    }

    @Test
    @Rfc("8489#6.2.1 (2)")
    void answerStopsTheSendsAndTellsTheRoundTrip() {
        StunTransaction transaction = start(RetransmissionSchedule.probe());

        clock.advance(Duration.ofMillis(40));
        receive(SERVER, reply(transaction, MessageClass.SUCCESS_RESPONSE));
        clock.advance(Duration.ofSeconds(9));
        transactions.onTimeout(clock.nowNanos());

        assertThat(events).containsExactly("answer");
        assertThat(transaction.sent()).isEqualTo(1);
        assertThat(transaction.roundTrip()).contains(Duration.ofMillis(40));
        assertThat(transactions.nextDeadlineNanos()).isEmpty();
    }

    @Test
    @Rfc("8489#6.2.1 (3)")
    void repeatedRequestTellsNoRoundTrip() {
        StunTransaction transaction = start(RetransmissionSchedule.probe());

        clock.advance(Duration.ofMillis(100));
        transactions.onTimeout(clock.nowNanos());
        receive(SERVER, reply(transaction, MessageClass.SUCCESS_RESPONSE));

        assertThat(events).containsExactly("answer");
        assertThat(transaction.sent()).isEqualTo(2);
        assertThat(transaction.roundTrip()).isEmpty();
    }

    @Test
    void answerFromAnotherSourceDoesNotCount() {
        StunTransaction transaction = start(RetransmissionSchedule.probe());

        receive(STRANGER, reply(transaction, MessageClass.SUCCESS_RESPONSE));
        receive(new TransportAddress(SERVER.ip(), 3479), reply(transaction, MessageClass.SUCCESS_RESPONSE));

        assertThat(events).containsExactly("WRONG_SOURCE", "WRONG_SOURCE");
        assertThat(transaction.isWaiting()).isTrue();
        assertThat(transaction.answersReceived()).isZero();
    }

    @Test
    @Rfc({"8489#6.3 (1)", "8489#6.3 (2)"})
    void foreignIdsSocketsAndBrokenBytesAreUnrelated() {
        StunTransaction transaction = start(RetransmissionSchedule.probe());
        ByteBuffer broken = ByteBuffer.allocate(3);

        receive(SERVER, message(MessageClass.SUCCESS_RESPONSE, TransactionId.random(random)));
        transactions.onMessage(
                new SocketId(1), SERVER, reply(transaction, MessageClass.SUCCESS_RESPONSE), clock.nowNanos());
        receive(SERVER, broken);

        assertThat(transactions.unrelated()).isEqualTo(3);
        assertThat(events).isEmpty();
        assertThat(transaction.isWaiting()).isTrue();
    }

    @Test
    @Rfc("8489#6.3 (5)")
    void answerWithAWrongFingerprintIsUnrelated() {
        StunTransaction transaction = start(RetransmissionSchedule.probe());
        ByteBuffer bytes = ByteBuffer.allocate(100);
        new StunWriter()
                .begin(
                        bytes,
                        MessageClass.SUCCESS_RESPONSE,
                        StunMethod.BINDING,
                        transaction.request().id())
                .fingerprint();
        bytes.flip().put(bytes.limit() - 1, (byte) (bytes.get(bytes.limit() - 1) ^ 1));

        receive(SERVER, bytes);

        assertThat(transactions.unrelated()).isEqualTo(1);
        assertThat(transaction.isWaiting()).isTrue();
    }

    @Test
    void copiesAndLateAnswersAreTold() {
        StunTransaction answered = start(RetransmissionSchedule.probe());
        receive(SERVER, reply(answered, MessageClass.SUCCESS_RESPONSE));
        receive(SERVER, reply(answered, MessageClass.SUCCESS_RESPONSE));
        StunTransaction silent = start(RetransmissionSchedule.probe());
        runToTheEnd();
        receive(SERVER, reply(silent, MessageClass.ERROR_RESPONSE, ErrorCode.of(400)));

        assertThat(events).containsExactly("answer", "DUPLICATE", "silence", "LATE");
        assertThat(answered.answersReceived()).isEqualTo(2);
    }

    @Test
    void indicationWithTheIdIsNoAnswer() {
        StunTransaction transaction = start(RetransmissionSchedule.probe());

        receive(SERVER, reply(transaction, MessageClass.INDICATION));

        assertThat(events).containsExactly("NO_RESPONSE");
        assertThat(transaction.isWaiting()).isTrue();
    }

    @Test
    @Rfc("8489#6.3 (3)")
    void responseOfAnotherMethodIsDiscarded() {
        StunTransaction transaction = start(RetransmissionSchedule.probe());
        ByteBuffer bytes = ByteBuffer.allocate(100);
        new StunWriter()
                .begin(
                        bytes,
                        MessageClass.SUCCESS_RESPONSE,
                        StunMethod.ALLOCATE,
                        transaction.request().id());

        receive(SERVER, bytes.flip());

        assertThat(events).containsExactly("NOT_UNDERSTOOD");
        assertThat(transaction.isWaiting()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = MessageClass.class,
            names = {"SUCCESS_RESPONSE", "ERROR_RESPONSE"})
    @Rfc({"8489#6.3.3 (1)", "8489#6.3.4 (1)"})
    void answerWithAnUnknownAttributeThatMustBeKnownIsAFailure(MessageClass messageClass) {
        StunTransaction transaction = start(RetransmissionSchedule.probe());

        receive(SERVER, reply(transaction, messageClass, ErrorCode.of(400), unknown(0x7F00)));

        assertThat(events).containsExactly("NOT_UNDERSTOOD", "silence");
        assertThat(transaction.isWaiting()).isFalse();
    }

    @Test
    @Rfc("8489#6.3 (4)")
    void unknownAttributeThatNeedNotBeKnownIsIgnored() {
        StunTransaction transaction = start(RetransmissionSchedule.probe());

        receive(SERVER, reply(transaction, MessageClass.SUCCESS_RESPONSE, unknown(0xFF00)));

        assertThat(events).containsExactly("answer");
    }

    @Test
    @Rfc("8489#6.3.4 (2)")
    void errorWithoutItsCodeIsAFailure() {
        StunTransaction transaction = start(RetransmissionSchedule.probe());

        receive(SERVER, reply(transaction, MessageClass.ERROR_RESPONSE));

        assertThat(events).containsExactly("NOT_UNDERSTOOD", "silence");
    }

    @Test
    void shellThatWasHeldUpDoesNotSendSeveralAtOnce() {
        start(RetransmissionSchedule.probe());

        clock.advance(Duration.ofMillis(800));
        transactions.onTimeout(clock.nowNanos());
        transactions.onTimeout(clock.nowNanos());

        assertThat(sendTimes).hasSize(2);
        assertThat(transactions.nextDeadlineNanos())
                .hasValue(clock.nowNanos() + Duration.ofMillis(200).toNanos());
    }

    @Test
    void answerIsKeptThoughItsBufferIsReused() {
        List<StunReply> answers = new ArrayList<>();
        StunTransaction transaction = transactions.start(
                request(RetransmissionSchedule.probe()),
                new StunTransactionHandler() {
                    @Override
                    public void onAnswer(StunRequest request, StunReply answer, StunTransaction answered) {
                        answers.add(answer);
                    }

                    @Override
                    public void onSilence(StunRequest request, StunTransaction silent) {}
                },
                clock.nowNanos());
        ByteBuffer lent = reply(transaction, MessageClass.SUCCESS_RESPONSE, new Software("first"));

        receive(SERVER, lent);
        lent.clear().put(new byte[lent.capacity()]);

        assertThat(answers.get(0).message().get(Software.TYPE)).contains(new Software("first"));
    }

    @Test
    @Rfc("8489#5")
    void transactionIdIsUsedOnce() {
        StunRequest request = request(RetransmissionSchedule.probe());
        transactions.start(request, recorder, clock.nowNanos());

        assertThatThrownBy(() -> transactions.start(request, recorder, clock.nowNanos()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void scheduleWithinALimitLosesItsLaterSends() {
        RetransmissionSchedule cut = RetransmissionSchedule.probe().within(Duration.ofMillis(500));

        assertThat(cut.sendAfter()).containsExactly(Duration.ZERO, Duration.ofMillis(100), Duration.ofMillis(300));
        assertThat(cut.giveUpAfter()).isEqualTo(Duration.ofMillis(500));
        assertThat(cut.within(Duration.ofHours(1))).isEqualTo(cut);
    }

    @Test
    void scheduleOutOfOrderIsRefused() {
        List<Duration> backwards = List.of(Duration.ZERO, Duration.ofMillis(20), Duration.ofMillis(10));

        assertThatThrownBy(() -> new RetransmissionSchedule(backwards, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RetransmissionSchedule(List.of(Duration.ZERO), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private StunTransaction start(RetransmissionSchedule schedule) {
        return transactions.start(request(schedule), recorder, clock.nowNanos());
    }

    private StunRequest request(RetransmissionSchedule schedule) {
        TransactionId id = TransactionId.random(random);
        return new StunRequest(SOCKET, SERVER, SERVER, id, message(MessageClass.REQUEST, id), schedule);
    }

    private static Attribute unknown(int type) {
        return new OpaqueAttribute(OpaqueAttribute.type(type, "UNKNOWN"), Octets.of(new byte[4]));
    }

    private static ByteBuffer reply(StunTransaction transaction, MessageClass messageClass, Attribute... attributes) {
        return message(messageClass, transaction.request().id(), attributes);
    }

    private static ByteBuffer message(MessageClass messageClass, TransactionId id, Attribute... attributes) {
        ByteBuffer bytes = ByteBuffer.allocate(200);
        StunWriter writer = new StunWriter().begin(bytes, messageClass, StunMethod.BINDING, id);
        for (Attribute attribute : attributes) {
            writer.add(attribute);
        }
        return bytes.flip();
    }

    private void receive(TransportAddress from, ByteBuffer bytes) {
        transactions.onMessage(SOCKET, from, bytes, clock.nowNanos());
    }

    private void runToTheEnd() {
        OptionalLong deadline = transactions.nextDeadlineNanos();
        while (deadline.isPresent()) {
            clock.advanceTo(deadline.getAsLong());
            transactions.onTimeout(clock.nowNanos());
            deadline = transactions.nextDeadlineNanos();
        }
    }

    private static List<Long> millisSince(long startNanos, List<Long> moments) {
        return moments.stream()
                .map(moment -> Duration.ofNanos(moment - startNanos).toMillis())
                .toList();
    }
}
