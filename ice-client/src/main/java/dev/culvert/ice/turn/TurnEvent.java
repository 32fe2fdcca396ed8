package dev.culvert.ice.turn;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.AddressErrorCode;
import dev.culvert.stun.attribute.Icmp;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** What became of what the {@link TurnClient} was told to do, or what happened to its allocation. */
public sealed interface TurnEvent {
    /**
     * The allocation is there.
     *
     * @param relayed the relayed addresses: one, or two of different families
     * @param mapped the server-reflexive address of the flow
     * @param lifetime what the server granted; the client refreshes in time
     * @param reservations the token of the reserved port, if one was asked for
     * @param missing the family of a dual allocation that the server did not grant, and why
     */
    record Allocated(
            List<TransportAddress> relayed,
            TransportAddress mapped,
            Duration lifetime,
            List<Long> reservations,
            List<AddressErrorCode> missing)
            implements TurnEvent {
        public Allocated {
            relayed = List.copyOf(relayed);
            reservations = List.copyOf(reservations);
            missing = List.copyOf(missing);
        }

        /** The token of the reserved port; empty where none was reserved. */
        public OptionalLong reservation() {
            return reservations.isEmpty() ? OptionalLong.empty() : OptionalLong.of(reservations.get(0));
        }
    }

    /** There is no allocation; another may be asked for. */
    record AllocationFailed(TurnFailure failure) implements TurnEvent {}

    /** The peer's packets are let in; told once, not at every refresh. */
    record PermissionInstalled(IpAddress peer) implements TurnEvent {}

    /** The permission was refused, or has been lost. */
    record PermissionFailed(IpAddress peer, TurnFailure failure) implements TurnEvent {}

    /** Data to and from the peer goes by channel now; told once, not at every refresh. */
    record ChannelBound(TransportAddress peer, int number) implements TurnEvent {}

    /** The channel was refused, or has been lost; {@link TurnClient#send} uses Send indications. */
    record ChannelFailed(TransportAddress peer, TurnFailure failure) implements TurnEvent {}

    /** An ICMP error came back for what was sent to the peer (RFC 8656 §11.6); the port may be 0. */
    record PeerUnreachable(TransportAddress peer, Icmp icmp) implements TurnEvent {}

    /** The allocation was deleted on request, as far as is known; the flow may be closed. */
    record Closed() implements TurnEvent {}

    /** The allocation is no more, with its permissions and channels; another may be asked for. */
    record AllocationLost(TurnFailure failure) implements TurnEvent {}
}
