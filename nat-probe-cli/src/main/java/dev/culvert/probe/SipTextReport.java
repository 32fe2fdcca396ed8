package dev.culvert.probe;

import dev.culvert.ice.ForeignText;
import dev.culvert.ice.sip.SipAnswer;
import dev.culvert.ice.sip.SipAttempt;
import dev.culvert.ice.sip.SipChange;
import dev.culvert.ice.sip.SipComparison;
import dev.culvert.ice.sip.SipFault;
import dev.culvert.ice.sip.SipPlace;
import dev.culvert.ice.sip.SipReport;
import dev.culvert.ice.sip.SipTransport;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@code nat-probe sip} found, as people read it. */
final class SipTextReport {
    private final IpAddress server;
    private final SipReport report;
    private final boolean verbose;
    private final StringBuilder text = new StringBuilder();

    private SipTextReport(IpAddress server, SipReport report, boolean verbose) {
        this.server = server;
        this.report = report;
        this.verbose = verbose;
    }

    /** @param quiet the first line alone */
    static String of(IpAddress server, SipReport report, int verbosity, boolean quiet) {
        SipTextReport lines = new SipTextReport(server, report, verbosity > 0);
        lines.line("SIP ALG", verdict(report));
        if (!quiet) {
            lines.all();
        }
        return lines.text.toString();
    }

    private static String verdict(SipReport report) {
        return switch (report.verdict()) {
            case NONE -> "none";
            case HELPFUL -> "helpful (rewrites SIP, and what it writes fits)";
            case BREAKING -> "breaking";
            case UNKNOWN ->
                "inconclusive: no INVITE came back from port " + report.ports().get(0);
        };
    }

    private void all() {
        line("Server", server.toString());
        for (SipFault fault : report.faults()) {
            line("Broken", fault.detail() + ": " + fault.kind().meaning());
        }
        text.append('\n');
        report.attempts().forEach(this::attempt);
        report.ports().forEach(this::source);
        text.append('\n');
        notes(report).forEach(note -> line("Note", note));
        line("Meaning", meaning(report));
    }

    private void attempt(SipAttempt attempt) {
        String name = attempt.transport().text() + " " + attempt.port() + " " + attempt.method();
        line(name, attempt.comparison().map(this::comparison).orElseGet(() -> outcome(attempt)));
    }

    private static String outcome(SipAttempt attempt) {
        return switch (attempt.outcome()) {
            case ANSWERED -> "answered";
            case SILENT -> attempt.detail();
            case CLOSED -> attempt.detail();
            case NOT_CONNECTED -> "no connection: " + attempt.detail();
        };
    }

    private String comparison(SipComparison comparison) {
        List<SipChange> shown = comparison.changes().stream()
                .filter(change -> verbose || change.place() != SipPlace.OTHER)
                .toList();
        int hidden = comparison.changes().size() - shown.size();
        Map<String, List<String>> alike = new LinkedHashMap<>();
        shown.forEach(change -> alike.computeIfAbsent(change.values(), values -> new ArrayList<>())
                .add(change.place().text()));
        String list = alike.entrySet().stream()
                .map(each -> String.join(", ", each.getValue()) + " " + each.getKey())
                .collect(Collectors.joining("; "));
        if (comparison.changes().isEmpty()) {
            return "arrived as sent";
        }
        return "rewritten: " + list + (hidden == 0 ? "" : (list.isEmpty() ? "" : "; ") + hidden + " other lines (-v)");
    }

    /** The source by RFC 3581, beside what STUN says of the same socket. */
    private void source(int port) {
        report.attempts().stream()
                .filter(attempt -> attempt.port() == port && attempt.transport() == SipTransport.UDP)
                .flatMap(attempt -> attempt.answer().stream())
                .findFirst()
                .ifPresent(answer -> line(
                        "udp " + port + " rport", source(answer, report.mapped().get(port))));
    }

    private static String source(SipAnswer answer, @Nullable TransportAddress mapped) {
        String rport = answer.viaSource().map(TransportAddress::toString).orElse("none");
        String stun = mapped == null ? "nothing" : mapped.toString();
        return rport.equals(stun) ? rport + ", as STUN says" : rport + ", but STUN says " + stun;
    }

    /** What limits the verdict, or explains it. */
    static List<String> notes(SipReport report) {
        List<String> notes = new ArrayList<>();
        for (SipTransport transport : SipTransport.values()) {
            for (int port : report.deadPorts(transport)) {
                notes.add("nothing answers over " + transport.text() + " at port " + port
                        + ": something blocks it, or the server does not listen there (--listen "
                        + transport.text() + ":*:" + port + ")");
            }
        }
        report.elsewhere().stream()
                .map(attempt -> attempt + " reached the server from another address than STUN from the same socket:"
                        + " something took it out and sent it anew")
                .forEach(notes::add);
        return notes;
    }

    static String meaning(SipReport report) {
        int port = report.ports().get(0);
        return switch (report.verdict()) {
            case NONE ->
                "nothing meddles with SIP on the way; a phone behind a NAT must find its address itself (rport,"
                        + " STUN, ICE).";
            case HELPFUL ->
                "phones work without STUN, but one that uses STUN or ICE may be translated twice; switch the"
                        + " router's SIP ALG off if calls have no sound.";
            case BREAKING ->
                "calls over port " + port + " will fail or be mute: switch the router's SIP ALG off" + elsewhere(report)
                        + ", or use TLS.";
            case UNKNOWN -> "ask again, with a server that answers at port " + port + ".";
        };
    }

    /** Ports that everything passes unchanged. */
    private static String elsewhere(SipReport report) {
        String sound = report.ports().stream()
                .filter(port -> report.attempts().stream()
                        .filter(attempt -> attempt.port() == port)
                        .allMatch(attempt -> attempt.comparison()
                                .filter(comparison -> comparison.changes().isEmpty())
                                .isPresent()))
                .map(port -> String.format(Locale.ROOT, "%d", port))
                .collect(Collectors.joining(", "));
        return sound.isEmpty() ? "" : ", use another port (" + sound + " is left alone)";
    }

    private void line(String name, String value) {
        text.append(name).append(": ").append(ForeignText.line(value)).append('\n');
    }
}
