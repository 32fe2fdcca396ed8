package dev.culvert.ice.sip;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A request as it was sent, beside what arrived.
 *
 * @param changes what was rewritten, in the order of {@link SipPlace}
 * @param faults what that broke
 */
public record SipComparison(List<SipChange> changes, List<SipFault> faults) {
    private static final List<SipPlace> IN_REQUEST = List.of(
            SipPlace.VIA,
            SipPlace.CONTACT,
            SipPlace.ORIGIN,
            SipPlace.CONNECTION,
            SipPlace.MEDIA,
            SipPlace.CONTENT_LENGTH);

    /** The places that hold an address of the sender. */
    private static final Set<SipPlace> ADDRESSES =
            Set.of(SipPlace.VIA, SipPlace.CONTACT, SipPlace.ORIGIN, SipPlace.CONNECTION);

    public SipComparison {
        changes = List.copyOf(changes);
        faults = List.copyOf(faults);
    }

    /** Compares byte by byte, and says what of it matters. */
    public static SipComparison of(SipRequest request, SipAnswer answer) {
        Builder builder = new Builder(request, answer);
        if (!request.text().equals(answer.received())) {
            IN_REQUEST.forEach(builder::place);
            builder.otherLines();
            builder.contentLength();
            builder.partial();
        }
        builder.answer();
        return new SipComparison(builder.changes, builder.faults);
    }

    /** Whether {@code place} was rewritten. */
    public boolean changed(SipPlace place) {
        return changes.stream().anyMatch(change -> change.place() == place);
    }

    private static final class Builder {
        private final SipText sent;
        private final SipText received;
        private final SipAnswer answer;
        private final TransportAddress local;
        private final List<SipChange> changes = new ArrayList<>();
        private final List<SipFault> faults = new ArrayList<>();

        Builder(SipRequest request, SipAnswer answer) {
            this.sent = request.parsed();
            this.received = SipText.parse(answer.received());
            this.answer = answer;
            this.local = request.local();
        }

        void place(SipPlace place) {
            String before = sent.at(place).orElse("");
            String after = received.at(place).orElse("");
            if (before.equals(after)) {
                return;
            }
            changes.add(new SipChange(place, before, after));
            if (after.isEmpty()) {
                fault(SipFault.Kind.LOST, place.text() + " is gone or cannot be read any more");
                return;
            }
            if (ADDRESSES.contains(place)
                    && !ipOf(after).equals(Optional.of(answer.source().ip()))) {
                fault(
                        SipFault.Kind.WRONG_ADDRESS,
                        place.text() + " was made " + after + ", but the request came from " + answer.source());
            }
            if (place == SipPlace.MEDIA && after.equals("0")) {
                fault(SipFault.Kind.LOST, "m= was made port 0, which refuses the media");
            }
        }

        /** Lines that came, went or changed beside the places that are looked at by name. */
        void otherLines() {
            List<String> before = lines(sent);
            List<String> after = lines(received);
            List<String> gone = new ArrayList<>(before);
            after.forEach(gone::remove);
            List<String> come = new ArrayList<>(after);
            before.forEach(come::remove);
            for (String line : gone) {
                String successor = come.stream()
                        .filter(other -> kindOf(other).equals(kindOf(line)))
                        .findFirst()
                        .orElse("");
                come.remove(successor);
                if (!isReported(line)) {
                    changes.add(new SipChange(SipPlace.OTHER, line, successor));
                }
            }
            come.forEach(line -> changes.add(new SipChange(SipPlace.OTHER, "", line)));
        }

        private static List<String> lines(SipText text) {
            List<String> lines = new ArrayList<>();
            lines.add(text.startLine());
            lines.addAll(text.headers());
            lines.addAll(text.sdpLines());
            return lines;
        }

        private static String kindOf(String line) {
            return line.length() > 1 && line.charAt(1) == '=' ? line.substring(0, 2) : SipText.nameOf(line);
        }

        /** Whether what differs in this line has been told by the name of its place. */
        private boolean isReported(String line) {
            return IN_REQUEST.stream()
                    .filter(place -> SipText.lineOf(place).equals(kindOf(line)))
                    .anyMatch(place -> !sent.at(place).equals(received.at(place)));
        }

        void contentLength() {
            int bodyBytes = received.body().length();
            received.at(SipPlace.CONTENT_LENGTH)
                    .filter(length -> !length.equals(String.valueOf(bodyBytes)))
                    .ifPresent(length -> fault(
                            SipFault.Kind.CONTENT_LENGTH,
                            "Content-Length says " + length + ", but the body has " + bodyBytes + " bytes"));
            String lastLine = sent.body()
                    .substring(sent.body().lastIndexOf('\n', sent.body().length() - 2) + 1);
            // Over a stream the server cuts where Content-Length says, so that a lie shows in the missing end.
            if (faults.stream().noneMatch(fault -> fault.kind() == SipFault.Kind.CONTENT_LENGTH)
                    && received.body().length() >= sent.body().length()
                    && !received.body().endsWith(lastLine)) {
                fault(
                        SipFault.Kind.CONTENT_LENGTH,
                        "Content-Length stayed "
                                + received.at(SipPlace.CONTENT_LENGTH).orElse("away")
                                + " while the body grew, so that its end is cut off");
            }
        }

        /** Where something names the NAT, what later requests and media are sent to must as well. */
        void partial() {
            List<String> rewritten = namesOf(true);
            List<String> left = namesOf(false);
            left.remove(SipPlace.VIA.text());
            left.remove(SipPlace.ORIGIN.text());
            if (!rewritten.isEmpty() && !left.isEmpty()) {
                fault(
                        SipFault.Kind.PARTIAL,
                        String.join(", ", rewritten) + " rewritten, but " + String.join(", ", left)
                                + " left as sent, with " + local.ip());
            }
        }

        private List<String> namesOf(boolean rewritten) {
            List<String> names = new ArrayList<>();
            for (SipPlace place : IN_REQUEST) {
                Optional<String> before = sent.at(place);
                Optional<String> after = received.at(place);
                boolean held = ADDRESSES.contains(place) && before.isPresent() && after.isPresent();
                if (held && before.equals(after) != rewritten) {
                    names.add(place.text());
                }
            }
            return names;
        }

        /** What was done to the answer on its way back. */
        void answer() {
            String arrived = received.at(SipPlace.VIA).orElse("");
            String own = sent.at(SipPlace.VIA).orElse("");
            String back = answer.via().orElse("");
            if (!back.equals(arrived)) {
                changes.add(new SipChange(SipPlace.ANSWER_VIA, arrived, back));
            }
            // RFC 3261 §18.1.2: a client discards a response whose sent-by is not what it inserts.
            if (!back.equals(own)) {
                fault(
                        SipFault.Kind.VIA_NOT_RESTORED,
                        "the answer came back with Via " + (back.isEmpty() ? "gone" : back) + " in place of " + own);
            }
            Optional<TransportAddress> named = answer.viaSource();
            if (!named.equals(Optional.of(answer.source()))) {
                String text = named.map(TransportAddress::toString).orElse("");
                changes.add(
                        new SipChange(SipPlace.ANSWER_SOURCE, answer.source().toString(), text));
            }
            // An ALG that translates back puts this host's address in: that is no harm, though no help either.
            named.map(TransportAddress::ip)
                    .filter(ip -> !ip.equals(answer.source().ip()) && !ip.equals(local.ip()))
                    .ifPresent(ip -> fault(
                            SipFault.Kind.WRONG_SOURCE,
                            "received says " + ip + ", but the request came from " + answer.source()));
        }

        private void fault(SipFault.Kind kind, String detail) {
            faults.add(new SipFault(kind, detail));
        }

        private static Optional<IpAddress> ipOf(String text) {
            return TransportAddress.parse(text)
                    .map(TransportAddress::ip)
                    .or(() -> IpAddress.parse(
                            text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text));
        }
    }
}
