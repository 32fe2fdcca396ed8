package dev.culvert.ice.turn;

import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.Icmp;
import dev.culvert.stun.attribute.XorPeerAddress;
import java.util.Optional;

/** Takes Data indications apart (RFC 8656 §11.4, §11.6). */
final class DataIndications {
    private static final int ATTRIBUTE_HEADER_LENGTH = 4;

    private final Permissions permissions;

    DataIndications(Permissions permissions) {
        this.permissions = permissions;
    }

    /** Hands on what {@code message}, a Data indication, brings; false where it is discarded. */
    boolean take(StunMessage message, TurnOutput out) {
        // RFC 8489 §6.3.2: an indication with an unknown attribute that must be understood is discarded.
        if (TurnTransactions.hasUnknownRequired(message)) {
            return false;
        }
        Optional<TransportAddress> peer = message.get(XorPeerAddress.TYPE).map(XorPeerAddress::address);
        // RFC 8656 §11.4: discarded without a peer, and from a peer without permission.
        if (peer.isEmpty() || !permissions.isExpected(peer.get().ip())) {
            return false;
        }
        int data = message.find(Data.TYPE.number());
        if (data != StunMessage.ABSENT) {
            out.onData(peer.get(), message.buffer(), data + ATTRIBUTE_HEADER_LENGTH, message.lengthAt(data));
            return true;
        }
        // RFC 8656 §11.6: an ICMP error is told to the application.
        Optional<Icmp> icmp = message.get(Icmp.TYPE);
        icmp.ifPresent(error -> out.onEvent(new TurnEvent.PeerUnreachable(peer.get(), error)));
        return icmp.isPresent();
    }
}
