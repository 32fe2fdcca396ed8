package dev.culvert.ice.sdp;

import dev.culvert.ice.gather.Candidate;
import dev.culvert.ice.gather.CandidateAddress;
import dev.culvert.stun.IpAddress;
import java.util.List;
import java.util.Optional;

/**
 * One line of a session description: one that matters to ICE, or any other, which is kept as it is. {@code toString} is
 * the line, without its end.
 */
public sealed interface SdpLine {
    /**
     * {@code m=} of a data stream (RFC 8866 §5.14).
     *
     * @param rest the protocol and formats, and before them a number of ports if there is one: {@code RTP/AVP 0}, {@code
     *     /2 RTP/AVP 0}
     */
    record Media(String kind, int port, String rest) implements SdpLine {
        @Override
        public String toString() {
            return "m=" + kind + " " + port + (rest.startsWith("/") ? "" : " ") + rest;
        }
    }

    /**
     * {@code c=} (RFC 8866 §5.7).
     *
     * @param addressType {@code IP4} or {@code IP6}
     * @param host an address or name; a multicast address may have a suffix
     */
    record Connection(String addressType, String host) implements SdpLine {
        /** The line for this address, or for a name, which may hide either family. */
        public static Connection of(String host) {
            boolean isIpv6 = IpAddress.parse(host).filter(ip -> !ip.isIpv4()).isPresent();
            return new Connection(isIpv6 ? "IP6" : "IP4", host);
        }

        @Override
        public String toString() {
            return "c=IN " + addressType + " " + host;
        }
    }

    /** {@code a=rtcp} (RFC 3605 §2.1): where RTCP is received; without an address, that of the {@code c=} line. */
    record Rtcp(int port, Optional<Connection> address) implements SdpLine {
        @Override
        public String toString() {
            return "a=rtcp:" + port
                    + address.map(each -> " " + each.toString().substring(2)).orElse("");
        }
    }

    /** {@code a=candidate} (RFC 8839 §5.1). */
    record CandidateLine(Candidate candidate) implements SdpLine {
        @Override
        public String toString() {
            return "a=" + CandidateAttribute.format(candidate);
        }
    }

    /** {@code a=remote-candidates} (RFC 8839 §5.2): the remote candidate of each component, the first's first. */
    record RemoteCandidates(List<RemoteCandidate> candidates) implements SdpLine {
        /** Where the peer's media of one component is sent. */
        public record RemoteCandidate(int component, CandidateAddress address) {
            @Override
            public String toString() {
                return component + " " + address.host() + " " + address.port();
            }
        }

        public RemoteCandidates {
            candidates = List.copyOf(candidates);
        }

        @Override
        public String toString() {
            List<String> texts =
                    candidates.stream().map(RemoteCandidate::toString).toList();
            return "a=remote-candidates:" + String.join(" ", texts);
        }
    }

    /** {@code a=end-of-candidates} (RFC 8840 §8.2). */
    record EndOfCandidates() implements SdpLine {
        @Override
        public String toString() {
            return "a=end-of-candidates";
        }
    }

    /** {@code a=ice-ufrag} (RFC 8839 §5.4): 4–256 letters, digits, {@code +} and {@code /}. */
    record IceUfrag(String fragment) implements SdpLine {
        @Override
        public String toString() {
            return "a=ice-ufrag:" + fragment;
        }
    }

    /** {@code a=ice-pwd} (RFC 8839 §5.4): 22–256 letters, digits, {@code +} and {@code /}. */
    record IcePwd(String password) implements SdpLine {
        @Override
        public String toString() {
            return "a=ice-pwd:" + password;
        }
    }

    /** {@code a=ice-options} (RFC 8839 §5.6): tags such as {@code ice2} and {@code trickle}. */
    record IceOptions(List<String> tags) implements SdpLine {
        public IceOptions {
            tags = List.copyOf(tags);
        }

        @Override
        public String toString() {
            return "a=ice-options:" + String.join(" ", tags);
        }
    }

    /** {@code a=ice-lite} (RFC 8839 §5.3). */
    record IceLite() implements SdpLine {
        @Override
        public String toString() {
            return "a=ice-lite";
        }
    }

    /** {@code a=ice-mismatch} (RFC 8839 §5.3). */
    record IceMismatch() implements SdpLine {
        @Override
        public String toString() {
            return "a=ice-mismatch";
        }
    }

    /** {@code a=ice-pacing} (RFC 8839 §5.5): the Ta that the sender wishes for, in milliseconds. */
    record IcePacing(long millis) implements SdpLine {
        @Override
        public String toString() {
            return "a=ice-pacing:" + millis;
        }
    }

    /** Any other line. */
    record Other(String text) implements SdpLine {
        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * Reads one line; its end, if it is there, is left out.
     *
     * @throws SdpSyntaxException where it begins as one that matters to ICE, and goes on otherwise
     */
    static SdpLine parse(String line) {
        return SdpLineReader.read(withoutEnd(line));
    }

    /** Without the end of the line. */
    static String withoutEnd(String line) {
        int end = line.length();
        while (end > 0 && (line.charAt(end - 1) == '\n' || line.charAt(end - 1) == '\r')) {
            end--;
        }
        return line.substring(0, end);
    }
}
