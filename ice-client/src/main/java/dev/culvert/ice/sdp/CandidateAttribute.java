package dev.culvert.ice.sdp;

import dev.culvert.ice.gather.Candidate;
import dev.culvert.ice.gather.CandidateAddress;
import dev.culvert.ice.gather.CandidateExtension;
import dev.culvert.ice.gather.CandidateType;
import dev.culvert.ice.gather.TcpType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The {@code candidate} attribute of SDP (RFC 8839 §5.1, RFC 6544 §4.5).
 *
 * <pre>{@code
 * Candidate candidate = CandidateAttribute.parse(text);
 * return candidate.type() == CandidateType.HOST
 *         ? Optional.of("a=" + CandidateAttribute.format(candidate))
 *         : Optional.empty();
 * }</pre>
 */
public final class CandidateAttribute {
    private static final String NAME = "candidate:";
    private static final int MAX_PORT = 0xFFFF;

    private CandidateAttribute() {}

    /**
     * Reads an attribute, as it stands in SDP with or without {@code a=}, or as WebRTC hands it to scripts. Addresses may
     * be names; whether such a candidate is used is for the reader to decide (RFC 8839 §5.1: it is ignored where names are
     * not supported).
     *
     * @throws SdpSyntaxException where it is none, or of a type that RFC 8445 does not know
     */
    public static Candidate parse(String text) {
        String line = SdpLine.withoutEnd(text);
        int start = line.startsWith("a=") ? 2 : 0;
        if (!line.startsWith(NAME, start)) {
            throw new SdpSyntaxException(line, start, "an attribute 'candidate:' is expected");
        }
        Fields fields = new Fields(line, start + NAME.length());
        String foundation = fields.word("the foundation");
        if (!Candidate.isFoundation(foundation)) {
            throw fields.fault("the foundation is 1 to 32 letters, digits, + and /");
        }
        int component = (int) fields.number("the component", 3, 1, 256);
        String transport = fields.word("the transport");
        if (!CandidateExtension.isToken(transport)) {
            throw fields.fault("the transport is a token such as UDP or TCP");
        }
        long priority = fields.number("the priority", 10, 1, Integer.MAX_VALUE);
        CandidateAddress address = address(fields, "the address", "the port");
        CandidateType type = type(fields);
        Optional<CandidateAddress> related = related(fields);
        Optional<TcpType> tcpType = tcpType(fields);
        List<CandidateExtension> extensions = extensions(fields);
        return new Candidate(foundation, component, transport, priority, address, type, related, tcpType, extensions);
    }

    private static CandidateAddress address(Fields fields, String hostName, String portName) {
        String host = fields.word(hostName);
        CandidateAddress checked = fields.of(() -> new CandidateAddress(host, 0));
        return new CandidateAddress(checked.host(), (int) fields.number(portName, 5, 0, MAX_PORT));
    }

    private static CandidateType type(Fields fields) {
        if (!fields.word("'typ'").equals("typ")) {
            throw fields.fault("'typ' is expected");
        }
        String token = fields.word("the type");
        return CandidateType.ofToken(token)
                .orElseThrow(() -> fields.fault("the type is host, srflx, prflx or relay; ignore other candidates"));
    }

    private static Optional<CandidateAddress> related(Fields fields) {
        if (!fields.peek().equals("raddr")) {
            return Optional.empty();
        }
        fields.next("'raddr'");
        String host = fields.word("the related address");
        fields.of(() -> new CandidateAddress(host, 0));
        if (!fields.word("'rport'").equals("rport")) {
            throw fields.fault("'rport' is expected after the related address");
        }
        return Optional.of(new CandidateAddress(host, (int) fields.number("the related port", 5, 0, MAX_PORT)));
    }

    private static Optional<TcpType> tcpType(Fields fields) {
        if (!fields.peek().equals("tcptype")) {
            return Optional.empty();
        }
        fields.next("'tcptype'");
        Optional<TcpType> type = TcpType.ofToken(fields.word("the TCP type"));
        if (type.isEmpty()) {
            throw fields.fault("the TCP type is active, passive or so");
        }
        return type;
    }

    /** RFC 8839 §5.1: what is not understood is ignored; it is kept for those who do understand it. */
    private static List<CandidateExtension> extensions(Fields fields) {
        List<CandidateExtension> extensions = new ArrayList<>();
        while (!fields.isRestBlank()) {
            String name = fields.word("the name of an extension");
            fields.of(() -> new CandidateExtension(name, ""));
            String value = fields.next("the value of '" + name + "'");
            extensions.add(fields.of(() -> new CandidateExtension(name, value)));
        }
        return extensions;
    }

    /** The attribute, without {@code a=}. */
    public static String format(Candidate candidate) {
        StringBuilder text = new StringBuilder(NAME);
        text.append(candidate.foundation()).append(' ').append(candidate.component());
        text.append(' ').append(candidate.transport()).append(' ').append(candidate.priority());
        text.append(' ')
                .append(candidate.address().host())
                .append(' ')
                .append(candidate.address().port());
        text.append(" typ ").append(candidate.type().token());
        candidate
                .related()
                .ifPresent(related -> text.append(" raddr ")
                        .append(related.host())
                        .append(" rport ")
                        .append(related.port()));
        candidate.tcpType().ifPresent(type -> text.append(" tcptype ").append(type.token()));
        for (CandidateExtension extension : candidate.extensions()) {
            text.append(' ').append(extension.name()).append(' ').append(extension.value());
        }
        return text.toString();
    }
}
