package dev.culvert.relay.core;

/**
 * The way back to the client of an allocation. A shell implements it by whatever it sends to clients with, so that a
 * route leads there without a look-up.
 */
public interface ClientHandle {}
