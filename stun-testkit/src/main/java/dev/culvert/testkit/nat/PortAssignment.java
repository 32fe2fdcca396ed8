package dev.culvert.testkit.nat;

/**
 * How a NAT chooses the external port of a new mapping (RFC 4787 §4.2).
 *
 * @param strategy the rule
 * @param delta step of {@link Strategy#SEQUENTIAL}, not zero
 * @param firstPort lowest port that it assigns
 * @param lastPort highest port that it assigns
 * @param keepsParity whether an even internal port gets an even external one
 * @param keepsContiguity whether neighbouring ports of one internal address get neighbouring external ones if possible
 */
public record PortAssignment(
        Strategy strategy, int delta, int firstPort, int lastPort, boolean keepsParity, boolean keepsContiguity) {
    /** The rule by which a port is chosen. */
    public enum Strategy {
        /** The internal port if it is free, else a random one. */
        PRESERVING,
        /** The internal port even if it is taken; what comes in goes to whoever spoke with its sender, else last. */
        OVERLOADING,
        /** The previous port plus the delta. */
        SEQUENTIAL,
        /** A random port. */
        RANDOM
    }

    public PortAssignment {
        if (firstPort < 1 || lastPort > 0xFFFF || firstPort > lastPort) {
            throw new IllegalArgumentException("not a range of ports: " + firstPort + "-" + lastPort);
        }
        if (strategy == Strategy.SEQUENTIAL && delta == 0) {
            throw new IllegalArgumentException("a sequence needs a delta other than 0");
        }
    }

    /** The internal port while it is free and from 1024 on, else a random one. */
    public static PortAssignment preserving() {
        return new PortAssignment(Strategy.PRESERVING, 0, 1024, 0xFFFF, false, false);
    }

    /** The internal port, taken or not. */
    public static PortAssignment overloading() {
        return new PortAssignment(Strategy.OVERLOADING, 0, 1, 0xFFFF, false, false);
    }

    /** Ports from 40000 on, each {@code delta} after the one before; wraps at the end of the range. */
    public static PortAssignment sequential(int delta) {
        return new PortAssignment(Strategy.SEQUENTIAL, delta, 40_000, 0xFFFF, false, false);
    }

    /** A random free port from 1024 on. */
    public static PortAssignment random() {
        return new PortAssignment(Strategy.RANDOM, 0, 1024, 0xFFFF, false, false);
    }

    /** The same rule with ports from {@code first} to {@code last}. */
    public PortAssignment within(int first, int last) {
        return new PortAssignment(strategy, delta, first, last, keepsParity, keepsContiguity);
    }

    /** The same rule, even ports staying even and odd ones odd. */
    public PortAssignment keepingParity() {
        return new PortAssignment(strategy, delta, firstPort, lastPort, true, keepsContiguity);
    }

    /** The same rule, neighbours staying neighbours if possible. */
    public PortAssignment keepingContiguity() {
        return new PortAssignment(strategy, delta, firstPort, lastPort, keepsParity, true);
    }

    boolean allows(int internalPort, int port) {
        boolean parityFits = !keepsParity || (internalPort - port) % 2 == 0;
        return port >= firstPort && port <= lastPort && parityFits;
    }

    int size() {
        return lastPort - firstPort + 1;
    }
}
