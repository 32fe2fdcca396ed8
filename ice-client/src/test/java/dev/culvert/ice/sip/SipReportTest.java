package dev.culvert.ice.sip;

import static dev.culvert.ice.sip.ScriptedReflector.LOCAL;
import static dev.culvert.ice.sip.ScriptedReflector.PUBLIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.TransportAddress;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SipReportTest {
    private static final List<Integer> PORTS = List.of(5060, 3478);
    private static final Map<Integer, TransportAddress> MAPPED = Map.of(5060, PUBLIC, 3478, PUBLIC);

    private static SipAttempt answered(SipMethod method, SipTransport transport, int port) {
        return through(ScriptedReflector.behindPlainNat(), method, transport, port);
    }

    private static SipAttempt through(ScriptedReflector reflector, SipMethod method, SipTransport transport, int port) {
        TransportAddress server = ScriptedReflector.address("203.0.113.1:" + port);
        SipRequest request = SipRequest.create(method, transport, server, LOCAL, new Random(1));
        return SipAttempt.answered(
                request,
                SipAnswer.read(reflector.answer(request.bytes()), request.mark())
                        .orElseThrow());
    }

    private static SipAttempt silent(SipMethod method, SipTransport transport, int port) {
        return SipAttempt.failed(method, transport, port, SipAttempt.Outcome.SILENT, "no answer");
    }

    @Test
    void whereEverythingArrivedAsSentThereIsNone() {
        SipReport report = new SipReport(PORTS, List.of(answered(SipMethod.INVITE, SipTransport.UDP, 5060)), MAPPED);

        assertThat(report.verdict()).isEqualTo(SipVerdict.NONE);
    }

    @Test
    void rewritingThatFitsIsHelpful() {
        ScriptedReflector alg = ScriptedReflector.behind(text -> text.replace("192.168.7.2", "203.0.113.10"))
                .back(text -> text.replace("203.0.113.10", "192.168.7.2"));

        SipReport report =
                new SipReport(PORTS, List.of(through(alg, SipMethod.OPTIONS, SipTransport.UDP, 5060)), MAPPED);

        assertThat(report.verdict()).isEqualTo(SipVerdict.HELPFUL);
    }

    @Test
    void sipThatComesFromElsewhereThanStunWasTakenOutOnTheWay() {
        ScriptedReflector proxied =
                new ScriptedReflector(ScriptedReflector.address("203.0.113.10:5060"), text -> text, text -> text);

        SipReport report =
                new SipReport(PORTS, List.of(through(proxied, SipMethod.INVITE, SipTransport.UDP, 5060)), MAPPED);

        assertThat(report.elsewhere()).hasSize(1);
        assertThat(report.verdict()).isEqualTo(SipVerdict.HELPFUL);
    }

    @Test
    void requestsThatVanishAtThePortAloneWhileStunIsAnsweredThereAreAFault() {
        SipReport report = new SipReport(
                PORTS,
                List.of(
                        silent(SipMethod.INVITE, SipTransport.UDP, 5060),
                        answered(SipMethod.INVITE, SipTransport.UDP, 3478)),
                MAPPED);

        assertThat(report.verdict()).isEqualTo(SipVerdict.BREAKING);
        assertThat(report.faults())
                .extracting(SipFault::detail)
                .containsExactly(
                        "INVITE over udp to port 5060 vanishes, but INVITE over udp to port 3478 comes through");
    }

    @Test
    void invitesThatVanishWhereOptionsPassAreAFault() {
        SipReport report = new SipReport(
                List.of(5060),
                List.of(
                        answered(SipMethod.OPTIONS, SipTransport.TCP, 5060),
                        silent(SipMethod.INVITE, SipTransport.TCP, 5060)),
                Map.of());

        assertThat(report.faults()).extracting(SipFault::kind).containsExactly(SipFault.Kind.VANISHED);
    }

    @Test
    void portAtWhichNothingAnswersProvesNothing() {
        SipReport report = new SipReport(
                PORTS,
                List.of(
                        silent(SipMethod.INVITE, SipTransport.UDP, 5060),
                        answered(SipMethod.INVITE, SipTransport.UDP, 3478)),
                Map.of(3478, PUBLIC));

        assertThat(report.verdict()).isEqualTo(SipVerdict.UNKNOWN);
        assertThat(report.deadPorts(SipTransport.UDP)).containsExactly(5060);
        assertThat(report.deadPorts(SipTransport.TCP)).isEmpty();
    }
}
