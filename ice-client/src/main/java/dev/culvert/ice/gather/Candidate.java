package dev.culvert.ice.gather;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A transport address at which an agent may be reached (RFC 8445 §4, RFC 8839 §5.1).
 *
 * @param foundation 1–32 letters, digits, {@code +} and {@code /}: equal for candidates that are likely to fare alike
 * @param component 1–256; 1 for RTP, or for RTP and RTCP together, 2 for RTCP
 * @param transport what carries it, a token: {@code UDP}, {@code TCP}; case does not matter
 * @param priority 1 to 2^31-1, the higher the better
 * @param address where the peer sends to
 * @param type where it comes from
 * @param related its base, or for a relayed candidate the address that the TURN server saw; empty for a host candidate
 * @param tcpType with TCP, who opens the connection
 * @param extensions what else was said, in its order
 */
public record Candidate(
        String foundation,
        int component,
        String transport,
        long priority,
        CandidateAddress address,
        CandidateType type,
        Optional<CandidateAddress> related,
        Optional<TcpType> tcpType,
        List<CandidateExtension> extensions) {
    /** What carries the candidates that are gathered here. */
    public static final String UDP = "UDP";

    private static final Pattern FOUNDATION = Pattern.compile("[A-Za-z0-9+/]{1,32}");

    public Candidate {
        extensions = List.copyOf(extensions);
        if (!isFoundation(foundation)) {
            throw new IllegalArgumentException(
                    "a foundation is 1 to 32 letters, digits, + and /, not '" + foundation + "'");
        }
        CandidatePriority.requireComponent(component);
        if (!CandidateExtension.isToken(transport)) {
            throw new IllegalArgumentException("a transport is a token, not '" + transport + "'");
        }
        // RFC 8445 §5.1.2: a positive integer between 1 and 2^31 - 1.
        if (priority < 1 || priority > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a priority is 1 to 2147483647, not " + priority);
        }
    }

    /** Whether {@code text} can be a foundation (RFC 8839 §5.1). */
    public static boolean isFoundation(String text) {
        return FOUNDATION.matcher(text).matches();
    }

    public boolean isUdp() {
        return transport.equalsIgnoreCase(UDP);
    }

    /** This candidate with one more extension, as {@code ufrag} for trickling (RFC 8838 §9). */
    public Candidate with(CandidateExtension extension) {
        List<CandidateExtension> more = new ArrayList<>(extensions);
        more.add(extension);
        return new Candidate(foundation, component, transport, priority, address, type, related, tcpType, more);
    }
}
