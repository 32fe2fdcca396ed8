package dev.culvert.ice.portmap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which protocols the router offers, as far as is known. Mutable, owned by one thread. */
final class Offers {
    private final List<MappingClient> clients;
    private final Set<MappingProtocol> offered = EnumSet.noneOf(MappingProtocol.class);
    private final Map<MappingProtocol, MappingFailure> absent = new EnumMap<>(MappingProtocol.class);
    private boolean isGraceOver;

    /** Nothing is known of any. */
    Offers(List<MappingClient> clients) {
        this.clients = clients.stream()
                .sorted(Comparator.comparing(MappingClient::protocol))
                .toList();
    }

    List<MappingClient> clients() {
        return clients;
    }

    /** Takes it as offered; returns whether that is new. */
    boolean add(MappingProtocol protocol) {
        absent.remove(protocol);
        return offered.add(protocol);
    }

    void rule(MappingFailure failure) {
        offered.remove(failure.via());
        absent.put(failure.via(), failure);
    }

    boolean isOffered(MappingProtocol protocol) {
        return offered.contains(protocol);
    }

    /** Why it is not offered; empty where it is, or where that is unknown. */
    Optional<MappingFailure> whyNot(MappingProtocol protocol) {
        return Optional.ofNullable(absent.get(protocol));
    }

    boolean isAnyOffered() {
        return !offered.isEmpty();
    }

    /** From now on nobody waits for a better protocol. */
    void endGrace() {
        isGraceOver = true;
    }

    boolean isSettled() {
        return offered.size() + absent.size() == clients.size();
    }

    /** The best protocol without those {@code refused}; empty while a better one may yet be found, or where there is none. */
    Optional<MappingClient> best(Set<MappingProtocol> refused) {
        for (MappingClient client : clients) {
            MappingProtocol protocol = client.protocol();
            if (offered.contains(protocol) && !refused.contains(protocol)) {
                return Optional.of(client);
            }
            if (isUnknown(protocol) && !isGraceOver) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private boolean isUnknown(MappingProtocol protocol) {
        return !offered.contains(protocol) && !absent.containsKey(protocol);
    }

    /** Why each protocol came to nothing, the best first. */
    List<MappingFailure> failures(List<MappingFailure> refusals) {
        List<MappingFailure> all = new ArrayList<>(refusals);
        all.addAll(absent.values());
        all.sort(Comparator.comparing(MappingFailure::via));
        return all;
    }
}
