package dev.culvert.ice.nat;

import dev.culvert.stun.TransportAddress;
import java.util.Optional;

/**
 * What a server does wrong.
 *
 * @param kind which rule it breaks
 * @param detail what was seen
 */
public record ServerFault(Kind kind, String detail) {
    /** Rules that servers break. */
    public enum Kind {
        /** OTHER-ADDRESS names the IP address or port that was asked (RFC 5780 §7.4). */
        OTHER_ADDRESS_NOT_OTHER("OTHER-ADDRESS does not differ in IP address and port"),
        OTHER_ADDRESS_WRONG_FAMILY("OTHER-ADDRESS is of another address family"),
        OTHER_ADDRESS_NOT_PUBLIC("OTHER-ADDRESS is not reachable from outside the server's network"),
        /** Several servers behind one address, of which each test may meet another. */
        OTHER_ADDRESS_CHANGES("names another OTHER-ADDRESS from one request to the next"),
        ALTERNATE_SILENT("does not answer on all addresses that it announces"),
        IGNORES_CHANGE_REQUEST("answers CHANGE-REQUEST from the address that was asked"),
        REFUSES_CHANGE_REQUEST("announces OTHER-ADDRESS, but refuses CHANGE-REQUEST"),
        WRONG_SOURCE("answers from an address that was neither asked nor announced"),
        NO_MAPPED_ADDRESS("answers without a mapped address"),
        ERROR_RESPONSE("answers a plain Binding request with an error");

        private final String meaning;

        Kind(String meaning) {
            this.meaning = meaning;
        }

        /** The fault in words. */
        public String meaning() {
            return meaning;
        }
    }

    /**
     * What is wrong with {@code other}, the OTHER-ADDRESS of a server that was asked at {@code asked}; empty where it can be
     * right.
     */
    public static Optional<ServerFault> ofOtherAddress(TransportAddress asked, TransportAddress other) {
        String detail = "asked at " + asked + ", says " + other;
        if (other.ip().family() != asked.ip().family()) {
            return Optional.of(new ServerFault(Kind.OTHER_ADDRESS_WRONG_FAMILY, detail));
        }
        // RFC 5780 §7.4: where the server would answer from if both "change IP" and "change port" were asked for.
        if (other.ip().equals(asked.ip()) || other.port() == asked.port()) {
            return Optional.of(new ServerFault(Kind.OTHER_ADDRESS_NOT_OTHER, detail));
        }
        boolean hidden = AddressScope.of(asked.ip()) == AddressScope.PUBLIC
                && AddressScope.of(other.ip()) != AddressScope.PUBLIC;
        return hidden ? Optional.of(new ServerFault(Kind.OTHER_ADDRESS_NOT_PUBLIC, detail)) : Optional.empty();
    }
}
