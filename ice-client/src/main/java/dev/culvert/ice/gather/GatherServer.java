package dev.culvert.ice.gather;

import dev.culvert.ice.resolution.ServerTransport;
import dev.culvert.ice.turn.AllocateOptions;
import dev.culvert.ice.turn.LongTermCredential;

/** A server that candidates are learned from; its addresses are told to the gatherer when they are known. */
public sealed interface GatherServer {
    /** How people call it, such as its URI. */
    String name();

    /** What carries the messages. */
    ServerTransport transport();

    /** A STUN server over UDP: server-reflexive candidates. */
    record Stun(String name) implements GatherServer {
        @Override
        public ServerTransport transport() {
            return ServerTransport.UDP;
        }
    }

    /**
     * A TURN server: relayed candidates, and over UDP server-reflexive ones.
     *
     * @param transport what carries the messages; of several servers that over UDP is preferred, then TCP, then TLS
     * @param families of the relayed addresses
     */
    record Turn(
            String name, ServerTransport transport, LongTermCredential credential, AllocateOptions.Families families)
            implements GatherServer {}
}
