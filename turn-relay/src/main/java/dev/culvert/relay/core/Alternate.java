package dev.culvert.relay.core;

import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.AlternateDomain;
import dev.culvert.stun.attribute.AlternateServer;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Another server, to which a draining one sends new clients.
 *
 * @param address where it listens
 * @param domain the name in its certificate; empty for none
 */
public record Alternate(TransportAddress address, String domain) {
    /**
     * What sends a client of {@code family} elsewhere; empty where no alternate has its family.
     *
     * @param all one of each family at most
     */
    static List<Attribute> attributes(List<Alternate> all, AddressFamily family) {
        List<Alternate> own = ofFamily(all, family, true);
        if (own.isEmpty()) {
            return List.of();
        }
        String domain = own.get(0).domain();
        // RFC 8489 §10: ALTERNATE-SERVER of the source's family comes first, that of the other family after it. There
        // is
        // one ALTERNATE-DOMAIN for both.
        Stream<Alternate> other =
                ofFamily(all, family, false).stream().filter(alternate -> domain.equals(alternate.domain()));
        List<Attribute> attributes = Stream.concat(own.stream().limit(1), other)
                .<Attribute>map(alternate -> new AlternateServer(alternate.address()))
                .collect(Collectors.toList());
        // RFC 8489 §10: ALTERNATE-DOMAIN where clients that check a certificate need a name.
        if (!domain.isEmpty()) {
            attributes.add(new AlternateDomain(domain));
        }
        return attributes;
    }

    private static List<Alternate> ofFamily(List<Alternate> all, AddressFamily family, boolean isWanted) {
        return all.stream()
                .filter(alternate -> (alternate.address().ip().family() == family) == isWanted)
                .toList();
    }
}
