package dev.culvert.relay.core;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.AlternateDomain;
import dev.culvert.stun.attribute.AlternateServer;
import java.util.List;

/**
 * Another server, to which a draining one sends new clients.
 *
 * @param address where it listens
 * @param domain the name in its certificate; empty for none
 */
public record Alternate(TransportAddress address, String domain) {
    List<Attribute> attributes() {
        // RFC 8489 §10: ALTERNATE-SERVER, with ALTERNATE-DOMAIN where TLS clients need a name.
        return domain.isEmpty()
                ? List.of(new AlternateServer(address))
                : List.of(new AlternateServer(address), new AlternateDomain(domain));
    }
}
