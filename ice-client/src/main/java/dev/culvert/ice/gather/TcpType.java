package dev.culvert.ice.gather;

import java.util.Locale;
import java.util.Optional;

/** How a TCP candidate comes to its connection (RFC 6544 §4.5). */
public enum TcpType {
    /** It opens one; its port means nothing. */
    ACTIVE,
    /** It waits for one. */
    PASSIVE,
    /** Both ends open one at the same time. */
    SO;

    /** The type with this token; empty where there is none. */
    public static Optional<TcpType> ofToken(String token) {
        for (TcpType type : values()) {
            if (type.token().equals(token)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** What stands after {@code tcptype}. */
    public String token() {
        return name().toLowerCase(Locale.ROOT);
    }
}
