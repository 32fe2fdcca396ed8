package dev.culvert.ice.check;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.Attributes;
import dev.culvert.stun.attribute.ChangeRequest;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.MappedAddress;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.OtherAddress;
import dev.culvert.stun.attribute.Padding;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.PasswordAlgorithms;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.ReceiptOrigin;
import dev.culvert.stun.attribute.ReceiptRequest;
import dev.culvert.stun.attribute.ResponseOrigin;
import dev.culvert.stun.attribute.ResponsePort;
import dev.culvert.stun.attribute.Software;
import dev.culvert.stun.attribute.UnknownAttributes;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.stun.attribute.XorRelayedAddress;
import dev.culvert.stun.integrity.SecurityFeatures;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A server with two addresses and two ports that does all right but what was planted; bytes in, datagrams out. */
public final class PlantedServer {
    private final TransportAddress primary;
    private final TransportAddress alternate;
    private final Set<Fault> faults;
    private int allocations;

    /** What may be wrong, or missing, with it. */
    public enum Fault {
        PRIVATE_OTHER_ADDRESS,
        OTHER_ADDRESS_OF_ONE_IP,
        OTHER_ADDRESS_STAYS,
        NO_OTHER_ADDRESS,
        WRONG_SOURCE,
        MAPPED_DIFFERS,
        NO_MAPPED_ADDRESS,
        IGNORES_CHANGE_REQUEST,
        REFUSES_CHANGE_REQUEST,
        SILENT_TO_CHANGE_REQUEST,
        SILENT_ALTERNATE,
        WRONG_RESPONSE_ORIGIN,
        WRONG_FINGERPRINT,
        OVERLOOKS_UNKNOWN_ATTRIBUTES,
        LISTS_NO_UNKNOWN_ATTRIBUTES,
        OVERLOOKS_RESPONSE_PORT,
        OVERLOOKS_PADDING,
        LONG_PADDING,
        CLASSIC_WITHOUT_MAPPED_ADDRESS,
        RELAYS_FOR_EVERYONE,
        CHALLENGE_WITHOUT_NONCE,
        NO_TURN,
        SILENT
    }

    /** A datagram that it sends. */
    public record Sent(TransportAddress from, TransportAddress to, byte[] bytes) {}

    public PlantedServer(TransportAddress primary, TransportAddress alternate, Fault... faults) {
        this.primary = primary;
        this.alternate = alternate;
        this.faults = faults.length == 0 ? EnumSet.noneOf(Fault.class) : EnumSet.copyOf(List.of(faults));
    }

    /** All four addresses, the primary one first. */
    public List<TransportAddress> addresses() {
        return List.of(
                primary,
                new TransportAddress(primary.ip(), alternate.port()),
                new TransportAddress(alternate.ip(), primary.port()),
                alternate);
    }

    /** How many allocations it holds. */
    int allocations() {
        return allocations;
    }

    private boolean has(Fault fault) {
        return faults.contains(fault);
    }

    public List<Sent> onDatagram(TransportAddress asked, TransportAddress client, ByteBuffer bytes) {
        StunMessage request = new StunMessage();
        boolean silent = has(Fault.SILENT) || (has(Fault.SILENT_ALTERNATE) && asked.equals(alternate));
        if (silent || request.wrap(bytes) != Malformation.NONE) {
            return List.of();
        }
        if (request.method() == StunMethod.BINDING) {
            return onBinding(request, asked, client);
        }
        return has(Fault.NO_TURN) ? List.of() : onTurn(request, asked, client);
    }

    private List<Sent> onBinding(StunMessage request, TransportAddress asked, TransportAddress client) {
        List<Integer> unknown = unknownIn(request);
        if (!unknown.isEmpty() && !has(Fault.OVERLOOKS_UNKNOWN_ATTRIBUTES)) {
            List<Attribute> attributes = new ArrayList<>(List.of(ErrorCode.of(420)));
            if (!has(Fault.LISTS_NO_UNKNOWN_ATTRIBUTES)) {
                attributes.add(new UnknownAttributes(unknown));
            }
            return List.of(new Sent(asked, client, reply(request, MessageClass.ERROR_RESPONSE, attributes)));
        }
        ChangeRequest change = request.get(ChangeRequest.TYPE).orElse(new ChangeRequest(false, false));
        boolean changes = change.changeIp() || change.changePort();
        if (changes && has(Fault.SILENT_TO_CHANGE_REQUEST)) {
            return List.of();
        }
        if (changes && has(Fault.REFUSES_CHANGE_REQUEST)) {
            byte[] refusal = reply(request, MessageClass.ERROR_RESPONSE, List.of(ErrorCode.of(420)));
            return List.of(new Sent(asked, client, refusal));
        }
        return success(request, asked, client, change);
    }

    private List<Integer> unknownIn(StunMessage request) {
        List<Integer> unknown = new ArrayList<>();
        for (int at = request.firstAttribute(); at != StunMessage.ABSENT; at = request.nextAttribute(at)) {
            int type = request.typeAt(at);
            boolean isChange = type == ChangeRequest.TYPE.number();
            if (AttributeType.isComprehensionRequired(type)
                    && (Attributes.byNumber(type).isEmpty() || (isChange && refusesAllChanges()))) {
                unknown.add(type);
            }
        }
        return unknown;
    }

    private boolean refusesAllChanges() {
        return has(Fault.NO_OTHER_ADDRESS) && !has(Fault.IGNORES_CHANGE_REQUEST);
    }

    private List<Sent> success(
            StunMessage request, TransportAddress asked, TransportAddress client, ChangeRequest change) {
        TransportAddress right =
                has(Fault.IGNORES_CHANGE_REQUEST) ? asked : moved(asked, change.changeIp(), change.changePort());
        TransportAddress from = has(Fault.WRONG_SOURCE) ? moved(right, false, true) : right;
        List<Attribute> attributes = attributes(request, asked, client, right);
        int port = has(Fault.OVERLOOKS_RESPONSE_PORT)
                ? client.port()
                : request.get(ResponsePort.TYPE).map(ResponsePort::port).orElse(client.port());
        List<Sent> sent = new ArrayList<>();
        byte[] answer = reply(request, MessageClass.SUCCESS_RESPONSE, attributes);
        sent.add(new Sent(from, new TransportAddress(client.ip(), port), answer));
        if (request.has(ReceiptRequest.TYPE) && !from.equals(asked)) {
            byte[] receipt = reply(request, MessageClass.INDICATION, List.of(new ReceiptOrigin(from)));
            sent.add(new Sent(asked, client, receipt));
        }
        return sent;
    }

    private List<Attribute> attributes(
            StunMessage request, TransportAddress asked, TransportAddress client, TransportAddress from) {
        List<Attribute> attributes = new ArrayList<>();
        if (!has(Fault.NO_MAPPED_ADDRESS)) {
            attributes.add(new XorMappedAddress(client));
        }
        boolean withPlain = !has(Fault.CLASSIC_WITHOUT_MAPPED_ADDRESS) && !has(Fault.NO_MAPPED_ADDRESS);
        if (withPlain || (!request.isClassic() && !has(Fault.NO_MAPPED_ADDRESS))) {
            TransportAddress told = has(Fault.MAPPED_DIFFERS) ? new TransportAddress(client.ip(), 9) : client;
            attributes.add(new MappedAddress(told));
        }
        attributes.add(new ResponseOrigin(has(Fault.WRONG_RESPONSE_ORIGIN) ? alternate : from));
        if (!has(Fault.NO_OTHER_ADDRESS)) {
            attributes.add(new OtherAddress(otherAddress(asked)));
        }
        request.get(Padding.TYPE)
                .filter(asking -> !has(Fault.OVERLOOKS_PADDING))
                .ifPresent(padding -> {
                    attributes.add(new Padding(has(Fault.LONG_PADDING) ? 2000 : padding.lengthBytes() / 2));
                });
        attributes.add(new Software("planted"));
        return attributes;
    }

    private TransportAddress otherAddress(TransportAddress asked) {
        if (has(Fault.PRIVATE_OTHER_ADDRESS)) {
            return TransportAddress.parse("10.0.0.2:3479").orElseThrow();
        }
        if (has(Fault.OTHER_ADDRESS_STAYS)) {
            return alternate;
        }
        return moved(asked, !has(Fault.OTHER_ADDRESS_OF_ONE_IP), true);
    }

    private TransportAddress moved(TransportAddress asked, boolean ip, boolean port) {
        boolean first = asked.ip().equals(primary.ip()) != ip;
        boolean firstPort = (asked.port() == primary.port()) != port;
        return new TransportAddress(
                first ? primary.ip() : alternate.ip(), firstPort ? primary.port() : alternate.port());
    }

    private List<Sent> onTurn(StunMessage request, TransportAddress asked, TransportAddress client) {
        if (has(Fault.RELAYS_FOR_EVERYONE)) {
            allocations += request.method() == StunMethod.ALLOCATE ? 1 : -1;
            List<Attribute> relayed = List.of(new XorRelayedAddress(new TransportAddress(primary.ip(), 50_000)));
            return List.of(new Sent(asked, client, reply(request, MessageClass.SUCCESS_RESPONSE, relayed)));
        }
        List<Attribute> challenge = new ArrayList<>(List.of(ErrorCode.of(401), new Realm("planted.example")));
        if (!has(Fault.CHALLENGE_WITHOUT_NONCE)) {
            challenge.add(new Nonce(new SecurityFeatures(true, false).nonceCookie() + "abc"));
            challenge.add(PasswordAlgorithms.of(PasswordAlgorithm.SHA_256, PasswordAlgorithm.MD5));
        }
        return List.of(new Sent(asked, client, reply(request, MessageClass.ERROR_RESPONSE, challenge)));
    }

    private byte[] reply(StunMessage request, MessageClass messageClass, List<Attribute> attributes) {
        ByteBuffer bytes = ByteBuffer.allocate(4096);
        StunWriter writer = new StunWriter().beginReply(bytes, messageClass, request);
        attributes.forEach(writer::add);
        if (request.checkFingerprint() == StunMessage.FingerprintCheck.VALID) {
            writer.fingerprint();
        }
        byte[] reply = new byte[bytes.flip().remaining()];
        bytes.get(reply);
        if (has(Fault.WRONG_FINGERPRINT) && request.checkFingerprint() == StunMessage.FingerprintCheck.VALID) {
            reply[reply.length - 1] ^= 1;
        }
        return reply;
    }
}
