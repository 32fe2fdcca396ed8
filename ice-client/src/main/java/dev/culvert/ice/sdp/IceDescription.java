package dev.culvert.ice.sdp;

import dev.culvert.ice.gather.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A session description as ICE sees it: the lines of the session, and those of each data stream. All lines are kept, in
 * their order.
 *
 * <pre>{@code
 * IceDescription offer = IceDescription.parse(sdp);
 * for (IceDescription.Section stream : offer.streams()) {
 *     offer.of(stream, SdpLine.IcePwd.class).ifPresent(line -> password.accept(line.password()));
 *     stream.candidates().forEach(remote);
 * }
 * }</pre>
 *
 * @param session the lines before the first {@code m=}
 * @param streams each begins with its {@code m=}
 */
public record IceDescription(Section session, List<Section> streams) {
    /**
     * The lines of the session, or of one data stream.
     *
     * @param lines in their order
     */
    public record Section(List<SdpLine> lines) {
        public Section {
            lines = List.copyOf(lines);
        }

        public List<Candidate> candidates() {
            return all(SdpLine.CandidateLine.class).stream()
                    .map(SdpLine.CandidateLine::candidate)
                    .toList();
        }

        /** Whether the end-of-candidates indication is among them (RFC 8838 §13). */
        public boolean isEndOfCandidates() {
            return first(SdpLine.EndOfCandidates.class).isPresent();
        }

        /** The first line of this kind; empty where there is none. */
        public <T extends SdpLine> Optional<T> first(Class<T> kind) {
            return all(kind).stream().findFirst();
        }

        private <T extends SdpLine> List<T> all(Class<T> kind) {
            return lines.stream().filter(kind::isInstance).map(kind::cast).toList();
        }
    }

    public IceDescription {
        streams = List.copyOf(streams);
    }

    /**
     * Reads a description, whole or in part: lines that end with CR LF or LF.
     *
     * <p>A candidate that cannot be read is kept as a line like any other, so that one of a kind unknown here costs no other
     * (RFC 8839 §5.1).
     *
     * @throws SdpSyntaxException at the first other line that is wrong
     */
    public static IceDescription parse(String text) {
        List<List<SdpLine>> sections = new ArrayList<>();
        sections.add(new ArrayList<>());
        for (String line : text.split("\n")) {
            if (SdpLine.withoutEnd(line).isEmpty()) {
                continue;
            }
            SdpLine read = parseLine(line);
            if (read instanceof SdpLine.Media) {
                sections.add(new ArrayList<>());
            }
            sections.get(sections.size() - 1).add(read);
        }
        List<Section> streams =
                sections.subList(1, sections.size()).stream().map(Section::new).toList();
        return new IceDescription(new Section(sections.get(0)), streams);
    }

    private static SdpLine parseLine(String line) {
        try {
            return SdpLine.parse(line);
        } catch (SdpSyntaxException e) {
            if (line.startsWith("a=candidate:")) {
                return new SdpLine.Other(SdpLine.withoutEnd(line));
            }
            throw e;
        }
    }

    /** What is said for a data stream: by its own line, else by that of the session (RFC 8839 §5.4). */
    public <T extends SdpLine> Optional<T> of(Section stream, Class<T> kind) {
        return stream.first(kind).or(() -> session.first(kind));
    }

    /** Whether the agent is a lite implementation. */
    public boolean isLite() {
        return session.first(SdpLine.IceLite.class).isPresent();
    }

    /** The description, its lines ended by CR LF. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        session.lines().forEach(line -> text.append(line).append("\r\n"));
        streams.forEach(
                stream -> stream.lines().forEach(line -> text.append(line).append("\r\n")));
        return text.toString();
    }
}
