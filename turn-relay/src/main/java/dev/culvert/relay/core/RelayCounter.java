package dev.culvert.relay.core;

/** What a TURN server counts: the core itself, and for what happens at its sockets the shell around it. */
public enum RelayCounter {
    ALLOCATIONS_MADE("allocations that were made"),
    ALLOCATIONS_REFUSED("authenticated Allocate requests with an error answer"),
    ALLOCATIONS_ENDED("allocations that ended, for whatever reason"),
    RETRANSMISSIONS("Allocate requests that came again and got the same answer"),
    SUCCESS_ANSWERS("success answers, retransmissions included"),
    ERROR_ANSWERS("error answers to authenticated requests"),
    CHALLENGES("answers to requests without integrity, each client's first one among them"),
    AUTHENTICATION_FAILURES("refusals before it was known whose the request is, challenges aside"),
    RATE_LIMITED("requests dropped because their source prefix had its share of answers without showing who it is"
            + " (--unauthenticated-rate)"),
    UNAUTHENTICATED_REQUEST_BYTES("bytes of requests without a valid integrity, dropped ones included"),
    UNAUTHENTICATED_ANSWER_BYTES("bytes of the answers to these"),
    WAITING_FOR_CREDENTIAL("requests that had to wait for a store of credentials"),
    SEND_INDICATIONS("Send indications that were relayed"),
    SEND_DISCARDED("Send indications without an allocation, a permission, or all that belongs in them"),
    UNSUPPORTED_MESSAGES("messages of other methods and classes, and those of RFC 3489"),
    WRONG_FINGERPRINTS("messages whose FINGERPRINT does not fit"),
    MALFORMED("packets or frames that are no STUN message"),
    CHANNEL_DATA_TO_PEERS("ChannelData messages that were relayed"),
    CHANNEL_DATA_DISCARDED("ChannelData messages on a channel that is not bound"),
    PACKETS_TO_CLIENTS("packets from peers that were relayed"),
    PEER_PACKETS_DISCARDED("packets from peers without a permission, or from those that are denied"),
    PEER_PACKETS_AMBIGUOUS(
            "those of them that came to a shared relay port from a peer that several allocations permit and"
                    + " none has sent to"),
    PEER_COLLISIONS("Send indications and channels refused because the peer is that of another allocation on the same"
            + " shared relay port"),
    HAIRPINNED("packets from one allocation to another of the same event loop, which went past the network, discarded"
            + " ones included"),
    ICMP_TO_CLIENTS("ICMP errors of which the client was told"),
    ICMP_DISCARDED("ICMP errors without a permission for where the packet went, or of types that are not told"),
    BYTES_TO_PEERS("bytes of application data relayed to peers, as ChannelData or Send indication"),
    BYTES_TO_CLIENTS("bytes of application data relayed to clients, as ChannelData or Data indication"),
    OVER_ALLOCATION_BITRATE("packets dropped because their allocation had its share"),
    OVER_USER_BITRATE("packets dropped because the allocations of their user had their share"),
    OVER_SERVER_BITRATE("packets dropped because all allocations together had their share"),
    PORTS_FULL("relayed addresses refused because no port of the range was free"),
    SOCKETS_REFUSED("relayed addresses refused because the system gave no socket"),
    PEER_SEND_FAILURES("packets to peers that the network stack refused or had no room for"),
    CLIENT_SEND_FAILURES("answers and data to clients that the network stack refused or had no room for");

    private final String meaning;

    RelayCounter(String meaning) {
        this.meaning = meaning;
    }

    /** What is counted, in words. */
    public String meaning() {
        return meaning;
    }
}
