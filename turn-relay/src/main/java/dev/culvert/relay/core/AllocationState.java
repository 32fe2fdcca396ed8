package dev.culvert.relay.core;

/** How far a client has come with its allocation. */
public enum AllocationState {
    /** No peer has a permission, so that nothing is relayed. */
    IDLE,
    /** There is a permission, and no channel. */
    PERMITTED,
    /** A channel is bound. */
    BOUND
}
