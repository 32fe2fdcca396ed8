package dev.culvert.ice.examples;

import dev.culvert.ice.gather.Candidate;
import dev.culvert.ice.gather.CandidateType;
import dev.culvert.ice.sdp.CandidateAttribute;
import dev.culvert.ice.sdp.IceDescription;
import dev.culvert.ice.sdp.SdpLine;
import java.util.Optional;
import java.util.function.Consumer;

/** What a peer has signalled. */
final class ReadDescriptions {
    private ReadDescriptions() {}

    static Optional<String> hostLine(String text) {
        Candidate candidate = CandidateAttribute.parse(text);
        return candidate.type() == CandidateType.HOST
                ? Optional.of("a=" + CandidateAttribute.format(candidate))
                : Optional.empty();
    }

    static void read(String sdp, Consumer<Candidate> remote, Consumer<String> password) {
        IceDescription offer = IceDescription.parse(sdp);
        for (IceDescription.Section stream : offer.streams()) {
            offer.of(stream, SdpLine.IcePwd.class).ifPresent(line -> password.accept(line.password()));
            stream.candidates().forEach(remote);
        }
    }
}
