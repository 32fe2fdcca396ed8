package dev.culvert.ice.sdp;

import dev.culvert.ice.gather.Candidate;
import dev.culvert.ice.gather.CandidateAddress;
import dev.culvert.ice.gather.CandidateType;
import dev.culvert.stun.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Where a peer that knows no ICE sends to: the default candidates of a data stream.
 *
 * @param rtp of the first component
 * @param rtcp of the second; empty where there is none
 */
public record DefaultDestination(CandidateAddress rtp, Optional<CandidateAddress> rtcp) {
    /** RFC 8839 §4.3.1: the default destination of a description that has no candidate yet. */
    private static final CandidateAddress NOWHERE = CandidateAddress.unrevealed(true);

    /**
     * The default candidates among these, by likelihood to work with a peer that knows no ICE: relayed, then
     * server-reflexive, then host candidates; IPv4 before IPv6, as such peers are old. Names stay hidden.
     */
    public static DefaultDestination among(List<Candidate> candidates) {
        Optional<Candidate> rtp = best(candidates, 1);
        Optional<CandidateAddress> rtcp = rtp.flatMap(chosen -> candidates.stream()
                        .filter(each -> each.component() == 2 && each.type() == chosen.type())
                        .filter(each -> isIpv4(each) == isIpv4(chosen))
                        .max(Comparator.comparingLong(Candidate::priority))
                        .or(() -> best(candidates, 2)))
                .map(Candidate::address);
        return new DefaultDestination(rtp.map(Candidate::address).orElse(NOWHERE), rtcp);
    }

    private static Optional<Candidate> best(List<Candidate> candidates, int component) {
        return candidates.stream()
                .filter(each -> each.component() == component && each.isUdp())
                .filter(each -> !each.address().isMulticastName())
                .max(Comparator.comparingInt((Candidate each) -> likelihood(each.type()))
                        .thenComparing(DefaultDestination::isIpv4)
                        .thenComparingLong(Candidate::priority));
    }

    private static int likelihood(CandidateType type) {
        return switch (type) {
            case RELAY -> 2;
            case SRFLX, PRFLX -> 1;
            case HOST -> 0;
        };
    }

    private static boolean isIpv4(Candidate candidate) {
        return IpAddress.parse(candidate.address().host())
                .filter(IpAddress::isIpv4)
                .isPresent();
    }

    /**
     * The lines that say so: {@code m=}, {@code c=} and, where RTCP is not at the next port of the same address, {@code
     * a=rtcp}.
     *
     * @param kind such as {@code audio}
     * @param rest the protocol and formats, such as {@code RTP/AVP 0}
     */
    public List<SdpLine> lines(String kind, String rest) {
        List<SdpLine> lines = new ArrayList<>();
        lines.add(new SdpLine.Media(kind, rtp.port(), rest));
        lines.add(SdpLine.Connection.of(rtp.host()));
        // RFC 3605 §2.1, RFC 8839 §4.2.2: needed where RTCP is not at the port that follows.
        rtcp.filter(address -> !address.equals(new CandidateAddress(rtp.host(), (rtp.port() + 1) & 0xFFFF)))
                .map(address -> new SdpLine.Rtcp(
                        address.port(),
                        address.host().equals(rtp.host())
                                ? Optional.empty()
                                : Optional.of(SdpLine.Connection.of(address.host()))))
                .ifPresent(lines::add);
        return lines;
    }
}
