package dev.culvert.server.core;

import dev.culvert.stun.AttributeType;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.ChangeRequest;
import dev.culvert.stun.attribute.Padding;
import dev.culvert.stun.attribute.ReceiptRequest;
import dev.culvert.stun.attribute.ResponsePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the attributes of one Binding request ask for. Mutable, owned by one thread, read anew for each request. */
final class RequestAttributes {
    /** The value of {@link #responsePort} and {@link #paddingBytes} where the attribute is absent. */
    static final int ABSENT = -1;

    /**
     * As many as an answer of 548 bytes has room for. RFC 8489 §6.1: where the path's MTU is not known, that is the most
     * that IPv4 carries for certain.
     */
    private static final int MOST_UNKNOWN = 254;

    /** The comprehension-required attributes of the request that are not understood, the first of them in its order. */
    final List<Integer> unknown = new ArrayList<>();

    boolean undecodable;
    boolean changeIp;
    boolean changePort;
    boolean receipt;
    int responsePort = ABSENT;
    int paddingBytes = ABSENT;

    private boolean changeRequestSeen;

    /**
     * Reads {@code request}.
     *
     * @param discovery whether the attributes of RFC 5780 are understood for its flow
     */
    void read(StunMessage request, boolean discovery) {
        forget();
        for (int at = request.firstAttribute(); at != StunMessage.ABSENT; at = request.nextAttribute(at)) {
            int type = request.typeAt(at);
            if (AttributeType.isComprehensionRequired(type)) {
                readRequired(request, at, type, discovery);
                continue;
            }
            receipt |= type == ReceiptRequest.TYPE.number();
        }
    }

    private void readRequired(StunMessage request, int at, int type, boolean discovery) {
        if (isKnownAndUnexpected(type)) {
            return;
        }
        if (isDiscovery(type) && (discovery || asksForNothing(request, at, type))) {
            readDiscovery(request, at, type);
            return;
        }
        if (unknown.size() < MOST_UNKNOWN) {
            unknown.add(type);
        }
    }

    /** RFC 8489 §6.3: what this usage knows but has no use for is ignored; the rest of TURN and ICE is not known. */
    private static boolean isKnownAndUnexpected(int type) {
        return switch (type) {
            case 0x0001, // MAPPED-ADDRESS
                    0x0004, // SOURCE-ADDRESS
                    0x0005, // CHANGED-ADDRESS
                    0x0006, // USERNAME
                    0x0007, // PASSWORD
                    0x0008, // MESSAGE-INTEGRITY
                    0x0009, // ERROR-CODE
                    0x000A, // UNKNOWN-ATTRIBUTES
                    0x000B, // REFLECTED-FROM
                    0x0014, // REALM
                    0x0015, // NONCE
                    0x001C, // MESSAGE-INTEGRITY-SHA256
                    0x001D, // PASSWORD-ALGORITHM
                    0x001E, // USERHASH
                    0x0020 // XOR-MAPPED-ADDRESS
            -> true;
            default -> false;
        };
    }

    private static boolean isDiscovery(int type) {
        return type == ChangeRequest.TYPE.number()
                || type == Padding.TYPE.number()
                || type == ResponsePort.TYPE.number();
    }

    /**
     * Clients of RFC 3489 put CHANGE-REQUEST without flags into their first request, which any server of theirs grants;
     * RFC 5780 §6.1 wants a 420, which they would take for a broken server.
     */
    private static boolean asksForNothing(StunMessage request, int at, int type) {
        return request.isClassic()
                && type == ChangeRequest.TYPE.number()
                && ChangeRequest.TYPE
                        .decoder()
                        .apply(request.valueAt(at))
                        .filter(change -> !change.changeIp() && !change.changePort())
                        .isPresent();
    }

    /** RFC 8489 §14: only the first occurrence of an attribute counts. */
    private void readDiscovery(StunMessage request, int at, int type) {
        if (type == Padding.TYPE.number()) {
            paddingBytes = paddingBytes == ABSENT ? request.lengthAt(at) : paddingBytes;
        } else if (type == ChangeRequest.TYPE.number() && !changeRequestSeen) {
            changeRequestSeen = true;
            Optional<ChangeRequest> change = ChangeRequest.TYPE.decoder().apply(request.valueAt(at));
            changeIp = change.isPresent() && change.get().changeIp();
            changePort = change.isPresent() && change.get().changePort();
            undecodable |= change.isEmpty();
        } else if (type == ResponsePort.TYPE.number() && responsePort == ABSENT) {
            // Nothing can be sent to port 0, which the RFC's "0-65536" lets pass.
            responsePort = ResponsePort.TYPE
                    .decoder()
                    .apply(request.valueAt(at))
                    .map(ResponsePort::port)
                    .orElse(0);
            undecodable |= responsePort == 0;
        }
    }

    private void forget() {
        unknown.clear();
        undecodable = false;
        changeIp = false;
        changePort = false;
        changeRequestSeen = false;
        receipt = false;
        responsePort = ABSENT;
        paddingBytes = ABSENT;
    }
}
