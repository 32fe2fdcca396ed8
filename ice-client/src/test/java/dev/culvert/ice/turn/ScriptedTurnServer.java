package dev.culvert.ice.turn;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.ChannelData;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Octets;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.stun.attribute.XorRelayedAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A TURN server with one client, for tests: strict about credentials and about every expiry, to the nanosecond, and ready
 * to refuse what it is told to refuse.
 */
final class ScriptedTurnServer {
    static final TransportAddress ADDRESS =
            TransportAddress.parse("192.0.2.1:3478").orElseThrow();
    static final TransportAddress MAPPED =
            TransportAddress.parse("198.51.100.7:40000").orElseThrow();
    static final TransportAddress RELAYED =
            TransportAddress.parse("192.0.2.1:50000").orElseThrow();

    final ScriptedRealm realm = new ScriptedRealm();
    final List<Integer> methods = new ArrayList<>();
    final List<StunMessage> requests = new ArrayList<>();
    final List<String> relayed = new ArrayList<>();
    final Map<Integer, List<Attribute>> refusals = new HashMap<>();
    List<Attribute> grant = List.of(new XorRelayedAddress(RELAYED), new XorMappedAddress(MAPPED));
    long lifetimeSeconds = 600;
    int dropped;
    int keepalives;

    private final Map<IpAddress, Long> permissionEnds = new HashMap<>();
    private final Map<Integer, TransportAddress> channelPeers = new HashMap<>();
    private final Map<Integer, Long> channelEnds = new HashMap<>();
    private @Nullable Long allocationEnd;

    /** Refuses every further request of this method with these attributes, until told {@link #relent}. */
    void refuse(int method, int code, Attribute... more) {
        List<Attribute> attributes = new ArrayList<>(List.of(ErrorCode.of(code)));
        attributes.addAll(List.of(more));
        refusals.put(method, attributes);
    }

    void relent() {
        refusals.clear();
    }

    /** Forgets what it has granted, and its nonce key. */
    void restart() {
        allocationEnd = null;
        permissionEnds.clear();
        channelPeers.clear();
        channelEnds.clear();
        realm.renewNonce();
    }

    boolean hasAllocation(long nowNanos) {
        return allocationEnd != null && allocationEnd - nowNanos > 0;
    }

    /** Takes a packet from the client; returns the answer, if there is one. */
    Optional<ByteBuffer> onPacket(ByteBuffer packet, long nowNanos) {
        ChannelData channelData = new ChannelData();
        if (channelData.wrap(packet) == Malformation.NONE) {
            TransportAddress peer = channelPeers.get(channelData.number());
            relay(
                    isLive(channelEnds.get(channelData.number()), nowNanos) ? peer : null,
                    channelData.payload(),
                    nowNanos);
            return Optional.empty();
        }
        StunMessage message = new StunMessage();
        if (message.wrap(packet) != Malformation.NONE) {
            throw new IllegalArgumentException("the client sent nonsense");
        }
        if (message.messageClass() == MessageClass.INDICATION && message.method() == StunMethod.BINDING) {
            keepalives++;
            return Optional.empty();
        }
        if (message.messageClass() == MessageClass.INDICATION) {
            TransportAddress peer =
                    message.get(XorPeerAddress.TYPE).orElseThrow().address();
            byte[] payload = message.get(Data.TYPE).orElseThrow().payload().toBytes();
            relay(peer, ByteBuffer.wrap(payload), nowNanos);
            return Optional.empty();
        }
        methods.add(message.method());
        requests.add(message);
        return Optional.of(realm.check(message).orElseGet(() -> serve(message, nowNanos)));
    }

    private void relay(@Nullable TransportAddress peer, ByteBuffer payload, long nowNanos) {
        if (peer == null || !hasAllocation(nowNanos) || !isLive(permissionEnds.get(peer.ip()), nowNanos)) {
            dropped++;
            return;
        }
        relayed.add(peer + " " + payload.remaining());
    }

    private ByteBuffer serve(StunMessage request, long nowNanos) {
        List<Attribute> refusal = refusals.get(request.method());
        if (refusal != null) {
            return realm.reply(request, MessageClass.ERROR_RESPONSE, refusal);
        }
        if (request.method() != StunMethod.ALLOCATE && !hasAllocation(nowNanos)) {
            return realm.reply(request, MessageClass.ERROR_RESPONSE, List.of(ErrorCode.of(437)));
        }
        List<Attribute> answer = switch (request.method()) {
            case StunMethod.ALLOCATE -> allocate(nowNanos);
            case StunMethod.REFRESH -> refresh(request, nowNanos);
            case StunMethod.CREATE_PERMISSION -> permit(request, nowNanos);
            case StunMethod.CHANNEL_BIND -> bind(request, nowNanos);
            default -> throw new IllegalArgumentException("method " + request.method());
        };
        return realm.reply(request, MessageClass.SUCCESS_RESPONSE, answer);
    }

    private List<Attribute> allocate(long nowNanos) {
        allocationEnd = nowNanos + Duration.ofSeconds(lifetimeSeconds).toNanos();
        List<Attribute> answer = new ArrayList<>(grant);
        answer.add(new Lifetime(lifetimeSeconds));
        return answer;
    }

    private List<Attribute> refresh(StunMessage request, long nowNanos) {
        boolean isDeletion = request.get(Lifetime.TYPE).equals(Optional.of(new Lifetime(0)));
        long seconds = isDeletion ? 0 : lifetimeSeconds;
        allocationEnd = nowNanos + Duration.ofSeconds(seconds).toNanos();
        return List.of(new Lifetime(seconds));
    }

    private List<Attribute> permit(StunMessage request, long nowNanos) {
        for (XorPeerAddress peer : request.all(XorPeerAddress.TYPE)) {
            permissionEnds.put(
                    peer.address().ip(), nowNanos + Duration.ofMinutes(5).toNanos());
        }
        return List.of();
    }

    private List<Attribute> bind(StunMessage request, long nowNanos) {
        int number = request.get(ChannelNumber.TYPE).orElseThrow().number();
        TransportAddress peer = request.get(XorPeerAddress.TYPE).orElseThrow().address();
        channelPeers.put(number, peer);
        channelEnds.put(number, nowNanos + Duration.ofMinutes(10).toNanos());
        return permit(request, nowNanos);
    }

    /** What the client gets when {@code peer} sends {@code payload}: nothing without a live permission. */
    Optional<ByteBuffer> fromPeer(TransportAddress peer, byte[] payload, long nowNanos) {
        if (!hasAllocation(nowNanos) || !isLive(permissionEnds.get(peer.ip()), nowNanos)) {
            dropped++;
            return Optional.empty();
        }
        for (Map.Entry<Integer, TransportAddress> channel : channelPeers.entrySet()) {
            if (channel.getValue().equals(peer) && isLive(channelEnds.get(channel.getKey()), nowNanos)) {
                return Optional.of(channelData(channel.getKey(), payload));
            }
        }
        return Optional.of(dataIndication(new XorPeerAddress(peer), new Data(Octets.of(payload))));
    }

    static ByteBuffer channelData(int number, byte[] payload) {
        ByteBuffer bytes = ByteBuffer.allocate(ChannelData.HEADER_LENGTH + payload.length);
        ChannelData.writeHeader(bytes, number, payload.length);
        return bytes.put(payload).flip();
    }

    static ByteBuffer dataIndication(Attribute... attributes) {
        ByteBuffer bytes = ByteBuffer.allocate(65_507);
        StunWriter writer = new StunWriter()
                .begin(bytes, MessageClass.INDICATION, StunMethod.DATA, new TransactionId(0x2112A442_00000001L, 2));
        for (Attribute attribute : attributes) {
            writer.add(attribute);
        }
        return bytes.flip();
    }

    private static boolean isLive(@Nullable Long endNanos, long nowNanos) {
        return endNanos != null && endNanos - nowNanos > 0;
    }
}
