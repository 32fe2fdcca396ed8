package dev.culvert.relay.core;

/** Gives up a reservation that nobody has redeemed. Owned by the thread that made the reservation. */
final class ReservationTimer extends Timed {
    private final Reservation reservation;

    ReservationTimer(Reservation reservation) {
        this.reservation = reservation;
    }

    @Override
    void onExpiry(Allocations allocations, long nowNanos, RelayOutput out) {
        allocations.giveUp(reservation, out);
    }
}
