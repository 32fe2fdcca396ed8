package dev.culvert.ice.gather;

import java.util.Locale;
import java.util.Optional;

/** Where a candidate comes from (RFC 8445 §5.1.1), with the recommended preference of each type. */
public enum CandidateType {
    /** A socket of this host. */
    HOST(126),
    /** Where a server, or a router that was asked for a mapping, sees that socket. */
    SRFLX(100),
    /** Where a peer saw it; learned by connectivity checks, never gathered. */
    PRFLX(110),
    /** A port of a TURN server. */
    RELAY(0);

    private final int preference;

    CandidateType(int preference) {
        this.preference = preference;
    }

    /** The type with this token; empty where there is none. */
    public static Optional<CandidateType> ofToken(String token) {
        for (CandidateType type : values()) {
            if (type.token().equals(token)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** The type preference, 0–126. */
    // RFC 8445 §5.1.2.2: 126 for host, 110 for peer-reflexive, 100 for server-reflexive, 0 for relayed candidates.
    public int preference() {
        return preference;
    }

    /** What stands after {@code typ} (RFC 8839 §5.1). */
    public String token() {
        return name().toLowerCase(Locale.ROOT);
    }
}
