package dev.culvert.ice.sip;

import static dev.culvert.ice.sip.ScriptedReflector.LOCAL;
import static dev.culvert.ice.sip.ScriptedReflector.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.Rfc;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SipComparisonTest {
    private static final String INSIDE = "192.168.7.2";
    private static final String OUTSIDE = "203.0.113.10";

    /** What a good ALG does: every address, and the length that fits. */
    private static String good(String text) {
        return withLength(text.replace(INSIDE, OUTSIDE));
    }

    private static String restored(String text) {
        return text.replace(OUTSIDE, INSIDE);
    }

    private static SipComparison compared(SipMethod method, ScriptedReflector reflector) {
        SipRequest request = SipRequest.create(method, SipTransport.UDP, SERVER, LOCAL, new Random(1));
        SipAnswer answer = SipAnswer.read(reflector.answer(request.bytes()), request.mark())
                .orElseThrow();
        return SipComparison.of(request, answer);
    }

    private static SipComparison invite(UnaryOperator<String> onTheWay) {
        return compared(SipMethod.INVITE, ScriptedReflector.behind(onTheWay).back(SipComparisonTest::restored));
    }

    private static String withLength(String text) {
        int bodyBytes = SipText.parse(text).body().length();
        return text.replaceFirst("Content-Length: [0-9]+", "Content-Length: " + bodyBytes);
    }

    private static List<SipPlace> places(SipComparison comparison) {
        return comparison.changes().stream().map(SipChange::place).toList();
    }

    private static List<SipFault.Kind> faults(SipComparison comparison) {
        return comparison.faults().stream().map(SipFault::kind).toList();
    }

    @ParameterizedTest
    @EnumSource
    void whatArrivedAsSentHasNoChanges(SipMethod method) {
        SipComparison comparison = compared(method, ScriptedReflector.behindPlainNat());

        assertThat(comparison.changes()).isEmpty();
        assertThat(comparison.faults()).isEmpty();
    }

    @Test
    void goodAlgIsSeenInEveryPlaceAndBreaksNothing() {
        SipComparison comparison = invite(SipComparisonTest::good);

        assertThat(places(comparison))
                .containsExactly(
                        SipPlace.VIA,
                        SipPlace.CONTACT,
                        SipPlace.ORIGIN,
                        SipPlace.CONNECTION,
                        SipPlace.CONTENT_LENGTH,
                        SipPlace.ANSWER_VIA,
                        SipPlace.ANSWER_SOURCE);
        assertThat(comparison.changes().get(0)).hasToString("Via 192.168.7.2:40123 → 203.0.113.10:40123");
        assertThat(comparison.changes().get(3)).hasToString("c= 192.168.7.2 → 203.0.113.10");
        assertThat(comparison.faults()).isEmpty();
    }

    @Test
    void portOfTheMediaMayBeRewrittenToo() {
        SipComparison comparison = invite(text -> good(text).replaceFirst("m=audio [0-9]+", "m=audio 50000"));

        assertThat(comparison.changed(SipPlace.MEDIA)).isTrue();
        assertThat(comparison.faults()).isEmpty();
    }

    @Test
    @Rfc("3261#18.3")
    void contentLengthThatWasForgottenIsAFault() {
        SipComparison comparison = invite(text -> text.replace(INSIDE, OUTSIDE));

        assertThat(faults(comparison)).containsExactly(SipFault.Kind.CONTENT_LENGTH);
        assertThat(comparison.faults().get(0).detail()).matches("Content-Length says 1[0-9]+, but the body has .*");
    }

    @Test
    void contentLengthThatWasForgottenCutsTheBodyOfAStream() {
        SipComparison comparison = invite(text -> {
            String rewritten = text.replace(INSIDE, OUTSIDE);
            SipText parsed = SipText.parse(rewritten);
            int length = Integer.parseInt(parsed.header("content-length").orElseThrow());
            return rewritten.substring(0, rewritten.length() - parsed.body().length() + length);
        });

        assertThat(faults(comparison)).containsExactly(SipFault.Kind.CONTENT_LENGTH);
        assertThat(comparison.faults().get(0).detail()).contains("its end is cut off");
    }

    @Test
    void sdpThatWasLeftIsAFault() {
        SipComparison comparison = invite(text -> {
            int headEnd = text.indexOf("\r\n\r\n");
            return text.substring(0, headEnd).replace(INSIDE, OUTSIDE) + text.substring(headEnd);
        });

        assertThat(faults(comparison)).containsExactly(SipFault.Kind.PARTIAL);
        assertThat(comparison.faults().get(0).detail())
                .isEqualTo("Via, Contact rewritten, but c= left as sent, with 192.168.7.2");
    }

    @Test
    void contactThatWasLeftIsAFault() {
        SipComparison comparison =
                invite(text -> good(text).replace("<sip:nat-probe@" + OUTSIDE, "<sip:nat-probe@" + INSIDE));

        assertThat(faults(comparison)).containsExactly(SipFault.Kind.PARTIAL);
    }

    @Test
    void addressThatIsNotTheNatsIsAFault() {
        SipComparison comparison = invite(text -> good(text).replace("c=IN IP4 " + OUTSIDE, "c=IN IP4 10.9.8.7"));

        assertThat(faults(comparison)).contains(SipFault.Kind.WRONG_ADDRESS);
        assertThat(comparison.faults().get(0).detail())
                .isEqualTo("c= was made 10.9.8.7, but the request came from 203.0.113.10:40123");
    }

    @Test
    void linesThatAreGoneAndMediaThatAreRefusedAreFaults() {
        SipComparison gone = invite(text -> withLength(text.replaceFirst("c=IN.*\r\n", "")));
        SipComparison refused = invite(text -> withLength(text.replaceFirst("m=audio [0-9]+", "m=audio 0")));

        assertThat(faults(gone)).containsExactly(SipFault.Kind.LOST);
        assertThat(faults(refused)).containsExactly(SipFault.Kind.LOST);
    }

    @Test
    @Rfc("3261#18.1.2")
    void viaThatIsNotTranslatedBackIsAFault() {
        SipComparison comparison = compared(SipMethod.OPTIONS, ScriptedReflector.behind(SipComparisonTest::good));

        assertThat(faults(comparison)).containsExactly(SipFault.Kind.VIA_NOT_RESTORED);
    }

    @Test
    @Rfc("3581#4")
    void sourceInTheAnswerThatIsNobodysIsAFault() {
        SipComparison comparison = compared(
                SipMethod.OPTIONS,
                ScriptedReflector.behindPlainNat()
                        .back(text -> text.replace("received=" + OUTSIDE, "received=10.9.8.7")));

        assertThat(faults(comparison)).containsExactly(SipFault.Kind.WRONG_SOURCE);
    }

    @Test
    void proxyThatAddsAViaAndCountsDownIsSeen() {
        SipComparison comparison = invite(text -> text.replace("Max-Forwards: 70", "Max-Forwards: 69")
                .replace("From:", "Record-Route: <sip:10.0.0.1;lr>\r\nFrom:"));

        assertThat(comparison.changes())
                .contains(
                        new SipChange(SipPlace.OTHER, "Max-Forwards: 70", "Max-Forwards: 69"),
                        new SipChange(SipPlace.OTHER, "", "Record-Route: <sip:10.0.0.1;lr>"));
        assertThat(comparison.faults()).isEmpty();
    }

    @Test
    void shortNamesOfHeadersAreUnderstood() {
        SipComparison comparison = invite(text ->
                good(text).replace("Via:", "v:").replace("Contact:", "m:").replace("Content-Length:", "l:"));

        assertThat(comparison.changed(SipPlace.VIA)).isTrue();
        assertThat(comparison.faults()).isEmpty();
    }

    @Test
    void anythingAtAllMayArriveWithoutAnException() {
        long seed = 20_261_121;
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            SipComparison comparison = invite(text -> {
                StringBuilder damaged = new StringBuilder(text);
                int mark = text.indexOf("X-Culvert-Probe");
                for (int flips = random.nextInt(8); flips >= 0; flips--) {
                    int at = random.nextInt(text.length());
                    if (at < mark - 4 || at > mark + 60) {
                        damaged.setCharAt(at, (char) random.nextInt(256));
                    }
                }
                return damaged.toString();
            });

            assertThat(comparison).as("seed %d, message %d", seed, i).isNotNull();
        }
    }

    @Test
    void answerWithAnotherMarkOrDamagedBodyIsNone() {
        SipRequest request = SipRequest.create(SipMethod.OPTIONS, SipTransport.UDP, SERVER, LOCAL, new Random(1));
        byte[] answer = ScriptedReflector.behindPlainNat().answer(request.bytes());

        assertThat(SipAnswer.read(answer, "0".repeat(32))).isEmpty();
        answer[answer.length - 3] ^= 0x55;
        assertThat(SipAnswer.read(answer, request.mark())).isEmpty();
        assertThat(SipAnswer.read(new byte[0], request.mark())).isEmpty();
    }

    @Test
    void ipv6AddressesAreComparedLikeOthers() {
        SipRequest request = SipRequest.create(
                SipMethod.INVITE,
                SipTransport.TCP,
                ScriptedReflector.address("[2001:db8:1::1]:5060"),
                ScriptedReflector.address("[fd00::2]:40123"),
                new Random(1));
        ScriptedReflector npt = new ScriptedReflector(
                ScriptedReflector.address("[2001:db8:7::2]:40123"),
                text -> withLength(text.replace("fd00::2", "2001:db8:7::2")),
                text -> text.replace("2001:db8:7::2", "fd00::2"));

        SipComparison comparison = SipComparison.of(
                request,
                SipAnswer.read(npt.answer(request.bytes()), request.mark()).orElseThrow());

        assertThat(comparison.changes().get(0)).hasToString("Via [fd00::2]:40123 → [2001:db8:7::2]:40123");
        assertThat(comparison.faults()).isEmpty();
    }
}
