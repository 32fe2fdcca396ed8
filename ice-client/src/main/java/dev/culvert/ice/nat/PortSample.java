package dev.culvert.ice.nat;

import dev.culvert.stun.TransportAddress;

/**
 * One socket and what the server saw of it.
 *
 * @param localPort its port
 * @param external where the server saw it
 */
public record PortSample(int localPort, TransportAddress external) {}
