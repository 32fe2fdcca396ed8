package dev.culvert.relay.it;

import dev.culvert.ice.gather.CandidateType;
import dev.culvert.stun.TransportAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An address that a gathering learned, in a form that goes through one word.
 *
 * @param source a server's URI, or the name of an interface
 * @param base the socket
 * @param related the candidate's related address
 * @param priority the candidate's; empty where the address was redundant
 */
record LearnedAddress(
        String source,
        TransportAddress base,
        CandidateType type,
        TransportAddress address,
        Optional<TransportAddress> related,
        OptionalLong priority) {
    private static final String NOTHING = "-";

    boolean isCandidate() {
        return priority.isPresent();
    }

    String toWord() {
        String priorityWord = priority.isPresent() ? "" + priority.getAsLong() : NOTHING;
        String relatedWord = related.map(TransportAddress::toString).orElse(NOTHING);
        return String.join("|", source, base.toString(), type.name(), address.toString(), relatedWord, priorityWord);
    }

    private static LearnedAddress parse(String word) {
        String[] fields = word.split("\\|");
        return new LearnedAddress(
                fields[0],
                TransportAddress.parse(fields[1]).orElseThrow(),
                CandidateType.valueOf(fields[2]),
                TransportAddress.parse(fields[3]).orElseThrow(),
                TransportAddress.parse(fields[4]),
                fields[5].equals(NOTHING) ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(fields[5])));
    }

    /** Those in a list that is separated by commas. */
    static List<LearnedAddress> parseAll(String words) {
        return Arrays.stream(words.split(",")).map(LearnedAddress::parse).toList();
    }
}
