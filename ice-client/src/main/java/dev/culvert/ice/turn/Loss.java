package dev.culvert.ice.turn;

/** Learns that the server no longer has the allocation. */
@FunctionalInterface
interface Loss {
    void onAllocationLost(TurnFailure failure, long nowNanos, TurnOutput out);
}
