package dev.culvert.ice.gather;

import dev.culvert.ice.turn.AllocateOptions;
import dev.culvert.ice.turn.LongTermCredential;

/** A server that candidates are learned from; its addresses are told to the gatherer when they are known. */
public sealed interface GatherServer {
    /** How people call it, such as its URI. */
    String name();

    /** A STUN server over UDP: server-reflexive candidates. */
    record Stun(String name) implements GatherServer {}

    /**
     * A TURN server: relayed candidates, and over UDP server-reflexive ones.
     *
     * @param transport what carries the messages
     * @param families of the relayed addresses
     */
    record Turn(String name, Transport transport, LongTermCredential credential, AllocateOptions.Families families)
            implements GatherServer {}

    /** What carries messages to a TURN server, the preferred first. */
    enum Transport {
        UDP,
        TCP,
        TLS
    }
}
