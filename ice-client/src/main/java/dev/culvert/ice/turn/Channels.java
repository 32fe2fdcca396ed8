package dev.culvert.ice.turn;

import dev.culvert.ice.time.Earliest;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.ChannelData;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.XorPeerAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The channels of one allocation, bound again until that is refused (RFC 8656 §12). Mutable, owned by one thread.
 *
 * <p>A number belongs to its peer for the life of the allocation: so neither is ever bound anew to another within the
 * five minutes that RFC 8656 §12 wants between.
 */
final class Channels {
    /** RFC 8656 §12: a channel binding lasts ten minutes. */
    private static final long LIFETIME_NANOS = Duration.ofMinutes(10).toNanos();

    private static final long RENEWAL_NANOS = Duration.ofMinutes(9).toNanos();
    private static final int MAX_CHANNELS = ChannelData.MAX_NUMBER - ChannelData.MIN_NUMBER + 1;

    private final Map<TransportAddress, Channel> byPeer = new HashMap<>();

    /** The channel with the number 0x4000, 0x4001, … */
    private final List<Channel> byNumber = new ArrayList<>();

    private final TurnTransactions transactions;
    private final Permissions permissions;
    private final Loss loss;

    Channels(TurnTransactions transactions, Permissions permissions, Loss loss) {
        this.transactions = transactions;
        this.permissions = permissions;
        this.loss = loss;
    }

    /** Asks for a channel, unless it is there or asked for. */
    void ask(TransportAddress peer, long nowNanos, TurnOutput out) {
        Channel known = byPeer.get(peer);
        if (known != null) {
            if (!known.lease().isExpected()) {
                known.lease().ask();
                request(known, nowNanos, out);
            }
            return;
        }
        if (byNumber.size() == MAX_CHANNELS) {
            out.onEvent(new TurnEvent.ChannelFailed(peer, new TurnFailure.NoChannelLeft()));
            return;
        }
        Channel channel = new Channel(ChannelData.MIN_NUMBER + byNumber.size(), peer, new Lease());
        byNumber.add(channel);
        byPeer.put(peer, channel);
        request(channel, nowNanos, out);
    }

    /** Lets the channels of this peer run out; their numbers stay theirs. */
    void release(IpAddress peer) {
        for (Channel channel : byNumber) {
            if (channel.peer().ip().equals(peer)) {
                channel.lease().release();
            }
        }
    }

    private void request(Channel channel, long nowNanos, TurnOutput out) {
        List<Attribute> attributes = List.of(new ChannelNumber(channel.number()), new XorPeerAddress(channel.peer()));
        transactions.start(
                new TurnRequest(StunMethod.CHANNEL_BIND, attributes, new Conclusion(channel)), nowNanos, out);
    }

    /** The channel to use for data to {@code peer}; null where none is bound. */
    @Nullable
    Channel bound(TransportAddress peer) {
        Channel channel = byPeer.get(peer);
        return channel != null && channel.lease().isHeld() ? channel : null;
    }

    /** The channel that data came on; null where none has that number. It may come before the ChannelBind's answer. */
    @Nullable
    Channel expected(int number) {
        int index = number - ChannelData.MIN_NUMBER;
        if (index >= byNumber.size()) {
            return null;
        }
        Channel channel = byNumber.get(index);
        return channel.lease().isExpected() ? channel : null;
    }

    void onTimeout(long nowNanos, TurnOutput out) {
        for (Channel channel : new ArrayList<>(byNumber)) {
            if (channel.lease().takeRenewal(nowNanos)) {
                request(channel, nowNanos, out);
            }
        }
    }

    void includeIn(Earliest deadline) {
        byNumber.forEach(channel -> channel.lease().includeIn(deadline));
    }

    void clear() {
        byPeer.clear();
        byNumber.clear();
    }

    private final class Conclusion implements TurnRequest.Conclusion {
        private final Channel channel;

        Conclusion(Channel channel) {
            this.channel = channel;
        }

        @Override
        public void onSuccess(StunMessage answer, long sentNanos, long nowNanos, TurnOutput out) {
            if (!channel.lease().isExpected()) {
                return;
            }
            boolean isNew = !channel.lease().isHeld();
            channel.lease().grant(sentNanos + LIFETIME_NANOS, sentNanos + RENEWAL_NANOS);
            // RFC 8656 §12.3: the corresponding permission has been installed or refreshed.
            permissions.grant(channel.peer().ip(), sentNanos, out);
            if (isNew) {
                out.onEvent(new TurnEvent.ChannelBound(channel.peer(), channel.number()));
            }
        }

        @Override
        public void onFailure(TurnFailure failure, long nowNanos, TurnOutput out) {
            if (failure.isMismatch()) {
                loss.onAllocationLost(failure, nowNanos, out);
            } else if (channel.lease().isExpected() && channel.lease().endsBy(failure, nowNanos)) {
                out.onEvent(new TurnEvent.ChannelFailed(channel.peer(), failure));
            }
        }
    }
}
