package dev.culvert.ice.turn;

import dev.culvert.stun.TransportAddress;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The way from server to server that 300 (Try Alternate) answers lead one client (RFC 8489 §10): a few hops, and to no
 * server twice. Mutable, for one attempt to allocate, which takes less than the five minutes of RFC 8489 §10.
 */
public final class Redirections {
    /** How often a client is sent on before it gives up. */
    public static final int MAX_HOPS = 3;

    private final Set<TransportAddress> asked = new HashSet<>();
    private String domain;
    private int hops;

    /**
     * Where to go on.
     *
     * @param server to be asked over the same transport, with the same credential
     * @param domain the name that the certificate must carry; empty where that is the server's IP address
     */
    public record Hop(TransportAddress server, String domain) {}

    /**
     * A way that begins here.
     *
     * @param domain the name that the certificate of the first server must carry; may be empty
     */
    public Redirections(TransportAddress first, String domain) {
        this.asked.add(first);
        this.domain = domain;
    }

    /** The next hop after an answer with 300; empty where it is not to be followed. */
    public Optional<Hop> follow(TurnFailure.TryAlternate answer) {
        // RFC 8489 §10: a server that was already asked is not asked again, which ends any loop.
        Optional<TransportAddress> next = answer.servers().stream()
                .filter(server -> !asked.contains(server))
                .findFirst();
        if (next.isEmpty() || next.get().port() == 0 || hops == MAX_HOPS) {
            return Optional.empty();
        }
        hops++;
        asked.add(next.get());
        // RFC 8489 §10: ALTERNATE-DOMAIN, if there, is what the certificate must carry, else the same as before.
        domain = answer.domains().stream().findFirst().orElse(domain);
        return Optional.of(new Hop(next.get(), domain));
    }
}
