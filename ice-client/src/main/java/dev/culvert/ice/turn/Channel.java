package dev.culvert.ice.turn;

import dev.culvert.stun.TransportAddress;

/**
 * A channel number and the peer that it is, or was last, meant for. Its lease is mutable, owned by one thread.
 *
 * @param number 0x4000–0x4FFF
 */
record Channel(int number, TransportAddress peer, Lease lease) {}
