package dev.culvert.ice.portmap;

/** One mapping of a {@link PortMapper}, from the request to its end. */
public record MappingId(int number) {}
