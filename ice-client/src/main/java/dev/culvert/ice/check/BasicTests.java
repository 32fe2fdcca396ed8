package dev.culvert.ice.check;

import dev.culvert.ice.SocketId;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.Octets;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ChangeRequest;
import dev.culvert.stun.attribute.OpaqueAttribute;
import dev.culvert.stun.attribute.Padding;
import dev.culvert.stun.attribute.ResponsePort;
import dev.culvert.stun.attribute.UnknownAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a server makes of requests that are not quite plain, each from a socket of its own. */
final class BasicTests {
    /** Not assigned, and of the range that a server must know (RFC 8489 §14). */
    private static final int UNKNOWN_TYPE = 0x7FC7;

    private static final int PADDING_BYTES = 256;

    private final Asker asker;
    private final Supplier<SocketId> sockets;
    private final TransportAddress server;
    private final boolean hasAlternate;
    private final Question classic;
    private final Question fingerprint;
    private final Question unknown;
    private final Question changeNothing;
    private final Question padding;
    private @Nullable Question responsePort;
    private @Nullable SocketId responsePortSocket;
    private @Nullable IpAddress responsePortIp;
    private boolean arrivedAtPort;

    BasicTests(Asker asker, Supplier<SocketId> sockets, Question first) {
        this.asker = asker;
        this.sockets = sockets;
        server = first.to();
        hasAlternate = first.otherAddress().isPresent();
        classic = ask(Wording.binding("Binding of RFC 3489").asClassic());
        fingerprint = ask(Wording.binding("Binding with FINGERPRINT").withFingerprint());
        unknown = ask(Wording.binding("Binding with an unknown attribute")
                .with(new OpaqueAttribute(OpaqueAttribute.type(UNKNOWN_TYPE, "unknown"), Octets.of((byte) 1))));
        changeNothing = ask(Wording.change(new ChangeRequest(false, false)));
        padding = ask(Wording.binding("Binding with PADDING").with(new Padding(PADDING_BYTES)));
        openPort();
    }

    private Question ask(Wording wording) {
        return asker.ask(wording, sockets.get(), server, ended -> {});
    }

    /** A second socket asks first, so that its mapping is known and its filter open. */
    private void openPort() {
        SocketId second = sockets.get();
        asker.ask(
                Wording.binding("Binding"),
                second,
                server,
                opener -> opener.mapped().ifPresent(mapped -> {
                    responsePortSocket = second;
                    responsePortIp = mapped.ip();
                    responsePort =
                            ask(Wording.binding("Binding with RESPONSE-PORT").with(new ResponsePort(mapped.port())));
                }));
    }

    /** Looks whether {@code message}, which has the id of {@code asked}, is the answer that was to come to the other port. */
    void onDatagram(Question asked, SocketId socket, TransportAddress from, StunMessage message) {
        boolean arrived = asked == responsePort && socket.equals(responsePortSocket) && from.equals(server);
        if (arrived && !arrivedAtPort) {
            arrivedAtPort = true;
            asked.onOtherSocket(message.lengthBytes());
        }
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        findings.add(ofClassic(classic));
        findings.add(ofFingerprint());
        findings.add(ofUnknown());
        findings.add(ofChangeNothing());
        findings.add(ofPadding());
        ofResponsePort().ifPresent(findings::add);
        return findings;
    }

    static Finding ofClassic(Question classic) {
        if (!classic.succeeded()) {
            return Finding.no(Topic.CLASSIC, "not answered");
        }
        // RFC 3489 §8.1: the mapped address stands in MAPPED-ADDRESS; such clients know no other.
        return classic.plainMapped().isPresent()
                ? Finding.yes(Topic.CLASSIC, "answered with MAPPED-ADDRESS")
                : Finding.wrong(Topic.CLASSIC, "answered without MAPPED-ADDRESS, the only one that they know");
    }

    private Finding ofFingerprint() {
        if (fingerprint.isWrongFingerprint()) {
            return Finding.wrong(Topic.FINGERPRINT, "answered with a wrong one, which clients discard");
        }
        if (fingerprint.answer().isEmpty()) {
            return asker.faultBySilence(Topic.FINGERPRINT, "a request with FINGERPRINT is not answered");
        }
        if (!fingerprint.succeeded()) {
            return Finding.wrong(Topic.FINGERPRINT, "a request with FINGERPRINT is " + outcome(fingerprint));
        }
        boolean echoed = fingerprint
                .answer()
                .filter(message -> message.checkFingerprint() == StunMessage.FingerprintCheck.VALID)
                .isPresent();
        return echoed
                ? Finding.yes(Topic.FINGERPRINT, "answered with one")
                : Finding.no(Topic.FINGERPRINT, "answered without one");
    }

    /** RFC 8489 §6.3.1: a 420 that lists them in UNKNOWN-ATTRIBUTES. */
    private Finding ofUnknown() {
        if (unknown.succeeded()) {
            return Finding.wrong(
                    Topic.UNKNOWN_ATTRIBUTES, "overlooks an attribute that must be known, in place of error 420");
        }
        if (unknown.answer().isEmpty()) {
            return asker.faultBySilence(
                    Topic.UNKNOWN_ATTRIBUTES, "one that must be known is not answered, in place of error 420");
        }
        if (unknown.error().orElse(0) != 420) {
            return Finding.wrong(
                    Topic.UNKNOWN_ATTRIBUTES,
                    "one that must be known is " + outcome(unknown) + " in place of error 420");
        }
        boolean listed = unknown.answer()
                .flatMap(message -> message.get(UnknownAttributes.TYPE))
                .filter(list -> list.types().contains(UNKNOWN_TYPE))
                .isPresent();
        return listed
                ? Finding.yes(Topic.UNKNOWN_ATTRIBUTES, "error 420 names them")
                : Finding.wrong(Topic.UNKNOWN_ATTRIBUTES, "error 420 does not name them in UNKNOWN-ATTRIBUTES");
    }

    private Finding ofChangeNothing() {
        if (changeNothing.succeeded()) {
            return Finding.yes(Topic.CHANGE_NOTHING, "answered from where it was asked");
        }
        String seen = "a request that asks for no change is " + outcome(changeNothing);
        if (hasAlternate && changeNothing.answer().isEmpty()) {
            return asker.faultBySilence(Topic.CHANGE_NOTHING, seen);
        }
        return hasAlternate ? Finding.wrong(Topic.CHANGE_NOTHING, seen) : Finding.no(Topic.CHANGE_NOTHING, seen);
    }

    /** RFC 5780 §6.1: PADDING is answered by PADDING. */
    private Finding ofPadding() {
        if (!padding.succeeded()) {
            return Finding.no(Topic.PADDING, "a request with PADDING is " + outcome(padding));
        }
        int bytes = padding.answer()
                .flatMap(message -> message.get(Padding.TYPE))
                .map(Padding::lengthBytes)
                .orElse(-1);
        return bytes < 0
                ? Finding.wrong(Topic.PADDING, "overlooked: answered without PADDING, in place of error 420")
                : Finding.yes(Topic.PADDING, bytes + " bytes of it for " + PADDING_BYTES);
    }

    /** RFC 5780 §7.5: the answer goes to the port that the request names. */
    private Optional<Finding> ofResponsePort() {
        Question asked = responsePort;
        if (asked == null) {
            return Optional.empty();
        }
        if (arrivedAtPort) {
            return Optional.of(Finding.yes(Topic.RESPONSE_PORT, "the answer came to the port that was named"));
        }
        if (asked.succeeded()) {
            return Optional.of(Finding.wrong(
                    Topic.RESPONSE_PORT, "overlooked: the answer came to the asking port, in place of error 420"));
        }
        if (asked.answer().isPresent()) {
            return Optional.of(Finding.no(Topic.RESPONSE_PORT, "refused (" + outcome(asked) + ")"));
        }
        boolean sameIp = fingerprint.mapped().map(TransportAddress::ip).equals(Optional.ofNullable(responsePortIp));
        return Optional.of(Finding.unknown(
                Topic.RESPONSE_PORT,
                sameIp
                        ? "no answer came, neither to the asking port nor to the one named"
                        : "no answer came; the NAT on this side uses several addresses"));
    }

    private static String outcome(Question question) {
        if (question.answer().isEmpty()) {
            return "not answered";
        }
        return question.error().map(code -> "answered with error " + code).orElse("answered");
    }
}
