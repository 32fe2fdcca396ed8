package dev.culvert.ice.portmap;

import dev.culvert.ice.ForeignText;

/**
 * Why a router did not do what it was asked.
 *
 * @param via how it was asked
 * @param kind the cause
 * @param said what the router said, without control characters; may be empty
 */
public record MappingFailure(MappingProtocol via, Kind kind, String said) {
    static final int MAX_SAID = 80;

    /** The cause of a failure. */
    public enum Kind {
        /** Nobody answered. */
        SILENT("no answer from the router; it does not offer this, or it is switched off there or blocked on the way"),
        /** The protocol or the kind of request is unknown to the router. */
        UNSUPPORTED("the router does not support it; try another protocol, or map the port by hand in the router"),
        /** Switched off, or forbidden for this host or port. */
        NOT_AUTHORIZED("the router does not allow it; allow port mapping for this host in its settings"),
        /** No room for a mapping at the moment. */
        NO_RESOURCES("the router has no room for another mapping; remove old ones there, or try again later"),
        /** This host has as many mappings as it may. */
        QUOTA_EXCEEDED("this host has as many mappings as it may; remove some, or wait until they run out"),
        /** The router itself has no external address. */
        NETWORK_FAILURE("the router has no address outside; check that it is online"),
        /** A NAT between this host and the router. */
        ADDRESS_MISMATCH("a NAT stands between this host and the router that answered; ask the nearer router"),
        /** The external port is another host's. */
        CONFLICT("the port outside belongs to somebody else; ask for another one"),
        /** Whatever else the router says. */
        REFUSED("the router refused; its log may say why"),
        /** The answer does not say what it must, or is broken. */
        UNUSABLE_ANSWER("the router's answer cannot be used; a newer firmware may mend it");

        private final String meaning;

        Kind(String meaning) {
            this.meaning = meaning;
        }
    }

    public MappingFailure {
        said = ForeignText.line(said, MAX_SAID);
    }

    MappingFailure(MappingProtocol via, Kind kind) {
        this(via, kind, "");
    }

    /** One line for people: cause and mend. */
    public String text() {
        return via.text() + ": " + reason();
    }

    /** The same without the protocol. */
    public String reason() {
        return (said.isEmpty() ? "" : said + ": ") + kind.meaning;
    }
}
