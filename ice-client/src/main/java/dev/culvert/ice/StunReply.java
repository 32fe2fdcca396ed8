package dev.culvert.ice;

import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;

/**
 * A STUN message that came in, with bytes of its own.
 *
 * @param message the message
 * @param from its source
 * @param receivedNanos when it came
 */
public record StunReply(StunMessage message, TransportAddress from, long receivedNanos) {}
