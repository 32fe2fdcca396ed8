package dev.culvert.ice.nat;

import dev.culvert.stun.TransportAddress;

/**
 * A STUN server to ask.
 *
 * @param name as the user gave it
 * @param address where it is asked first
 */
public record ProbeServer(String name, TransportAddress address) {}
