package dev.culvert.relay.core;

import dev.culvert.relay.auth.Credential;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.stun.StunMessage;

/**
 * An authenticated request, for the time it takes to answer it.
 *
 * @param credential whose it is
 */
record Request(
        FiveTuple flow,
        StunMessage message,
        Credential credential,
        long nowNanos,
        long epochSeconds,
        RelayOutput out) {}
