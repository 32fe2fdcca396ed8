package dev.culvert.server.core;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.TransportAddress;

/**
 * What names a flow between a client and a server (RFC 8656 §2).
 *
 * @param transport how the messages travel
 * @param local the server's transport address, the one that the client asked
 * @param remote the client's transport address, as the server sees it
 */
public record FiveTuple(Transport transport, TransportAddress local, TransportAddress remote) {}
