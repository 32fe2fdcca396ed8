package dev.culvert.probe;

import dev.culvert.ice.nat.NatType;

/** The exit codes that scripts rely on. */
final class ExitCode {
    static final int DIRECT = 0;
    static final int ERROR = 1;
    static final int USAGE = 2;
    static final int RELAY_NEEDED = 10;
    static final int UDP_BLOCKED = 20;
    static final int INCONCLUSIVE = 30;

    private ExitCode() {}

    static int of(NatType natType) {
        return switch (natType) {
            case OPEN, FIREWALL, FULL_CONE, RESTRICTED_CONE, PORT_RESTRICTED_CONE -> DIRECT;
            case SYMMETRIC -> RELAY_NEEDED;
            case UDP_BLOCKED -> UDP_BLOCKED;
            case UNKNOWN -> INCONCLUSIVE;
        };
    }
}
