package dev.culvert.relay.core;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.Octets;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.XorPeerAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a client asks for, before it is wrapped in a transaction and a credential. */
record Ask(int method, List<Attribute> attributes) {
    static Ask of(int method, Attribute... attributes) {
        return new Ask(method, List.of(attributes));
    }

    /** An Allocate request for UDP and {@code more}. */
    static Ask allocate(Attribute... more) {
        List<Attribute> all = new ArrayList<>(List.of(new RequestedTransport(RequestedTransport.UDP)));
        all.addAll(List.of(more));
        return new Ask(StunMethod.ALLOCATE, all);
    }

    static Ask refresh(Attribute... attributes) {
        return of(StunMethod.REFRESH, attributes);
    }

    static Ask refresh(long seconds) {
        return refresh(new Lifetime(seconds));
    }

    static Ask createPermission(String... peers) {
        Attribute[] attributes = Stream.of(peers).map(Ask::peer).toArray(Attribute[]::new);
        return of(StunMethod.CREATE_PERMISSION, attributes);
    }

    static Ask channelBind(int number, String peer) {
        return of(StunMethod.CHANNEL_BIND, new ChannelNumber(number), peer(peer));
    }

    static Ask sendIndication(String peer, String data, Attribute... more) {
        List<Attribute> all = new ArrayList<>(List.of(peer(peer), data(data)));
        all.addAll(List.of(more));
        return new Ask(StunMethod.SEND, all);
    }

    static Attribute peer(String peer) {
        return new XorPeerAddress(address(peer));
    }

    static Attribute data(String text) {
        return new Data(Octets.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    static TransportAddress address(String text) {
        return TransportAddress.parse(text).orElseThrow(() -> new AssertionError(text));
    }
}
