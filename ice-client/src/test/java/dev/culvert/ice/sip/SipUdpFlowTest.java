package dev.culvert.ice.sip;

import static dev.culvert.ice.sip.ScriptedReflector.LOCAL;
import static dev.culvert.ice.sip.ScriptedReflector.PUBLIC;
import static dev.culvert.ice.sip.ScriptedReflector.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class SipUdpFlowTest {
    private static final long START_NANOS = Long.MAX_VALUE - 1_000_000_000L;

    private final List<byte[]> sent = new ArrayList<>();
    private final SipUdpFlow flow =
            new SipUdpFlow(SERVER, LOCAL, RetransmissionSchedule.probe(), new Random(1), this::note);
    private long nowNanos = START_NANOS;

    private void note(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        sent.add(copy);
    }

    private static boolean isSip(byte[] bytes, String method) {
        return new String(bytes, StandardCharsets.ISO_8859_1).startsWith(method + " ");
    }

    private static byte[] stunAnswer(byte[] bytes) {
        StunMessage request = new StunMessage();
        assertThat(request.wrap(ByteBuffer.wrap(bytes))).isEqualTo(Malformation.NONE);
        ByteBuffer answer = ByteBuffer.allocate(64);
        new StunWriter()
                .beginReply(answer, MessageClass.SUCCESS_RESPONSE, request)
                .add(new XorMappedAddress(PUBLIC));
        byte[] copy = new byte[answer.flip().remaining()];
        answer.get(copy);
        return copy;
    }

    /** Answers everything that is waiting and passes {@code arrives}, then lets time pass until nothing waits. */
    private void runToTheEnd(ScriptedReflector reflector, Predicate<byte[]> arrives) {
        flow.start(nowNanos);
        while (true) {
            List<byte[]> waiting = new ArrayList<>(sent);
            sent.clear();
            for (byte[] bytes : waiting) {
                if (arrives.test(bytes)) {
                    byte[] answer = bytes[0] == 0 ? stunAnswer(bytes) : reflector.answer(bytes);
                    flow.onDatagram(SERVER, ByteBuffer.wrap(answer), nowNanos);
                }
            }
            if (flow.nextDeadlineNanos().isEmpty()) {
                return;
            }
            nowNanos = flow.nextDeadlineNanos().getAsLong();
            flow.onTimeout(nowNanos);
        }
    }

    @Test
    void optionsInviteAndStunAreAnsweredAtOnce() {
        runToTheEnd(ScriptedReflector.behindPlainNat(), bytes -> true);

        assertThat(nowNanos).isEqualTo(START_NANOS);
        assertThat(flow.attempts()).hasSize(2).allMatch(SipAttempt::isAnswered);
        assertThat(flow.mapped()).contains(PUBLIC);
    }

    @Test
    void lostRequestsAreSentAgain() {
        int[] lost = {0};

        runToTheEnd(ScriptedReflector.behindPlainNat(), bytes -> ++lost[0] > 9);

        assertThat(flow.attempts()).allMatch(SipAttempt::isAnswered);
        assertThat(flow.mapped()).contains(PUBLIC);
    }

    @Test
    void whatIsNeverAnsweredIsGivenUpAfterTheSchedule() {
        runToTheEnd(ScriptedReflector.behindPlainNat(), bytes -> !isSip(bytes, "INVITE"));

        assertThat(flow.attempts())
                .extracting(SipAttempt::outcome)
                .containsExactly(SipAttempt.Outcome.ANSWERED, SipAttempt.Outcome.SILENT);
        assertThat(nowNanos - START_NANOS)
                .isEqualTo(RetransmissionSchedule.probe().giveUpAfter().toNanos());
    }

    @Test
    void answersFromElsewhereDoNotCount() {
        flow.start(nowNanos);

        byte[] answer = ScriptedReflector.behindPlainNat().answer(sent.get(0));
        flow.onDatagram(ScriptedReflector.address("203.0.113.66:5060"), ByteBuffer.wrap(answer), nowNanos);

        assertThat(flow.attempts()).noneMatch(SipAttempt::isAnswered);
    }

    @Test
    void requestsLeaveRoomForTheAnswer() {
        flow.start(nowNanos);

        assertThat(sent.subList(0, 2))
                .allSatisfy(request -> assertThat(request.length).isBetween(800, 1_200));
    }
}
