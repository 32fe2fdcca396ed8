package dev.culvert.relay.doctor;

import dev.culvert.relay.config.RelayConfig;
import dev.culvert.relay.config.TurnSettings;
import dev.culvert.server.config.ServerConfig.Listener;
import dev.culvert.server.config.Setting;
import dev.culvert.server.config.Values;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is looked at.
 *
 * @param config what the server would run with
 * @param values where that comes from
 */
record Subject(RelayConfig config, Values values, HostFacts host) {
    boolean isGiven(Setting<?> setting) {
        return values.isGiven(setting);
    }

    /** Whether somebody said how many allocations there may be, rather than the limit of open files. */
    boolean namesMaxAllocations() {
        return isGiven(TurnSettings.MAX_ALLOCATIONS);
    }

    /** The addresses that a listener listens on. */
    List<IpAddress> addresses(Listener listener) {
        return listener.address().map(List::of).orElseGet(host::addresses);
    }

    /** The addresses that relay ports are opened on: by family those that are named, or those that are listened on. */
    Set<IpAddress> relayAddresses() {
        List<IpAddress> named = config.addresses().relay();
        List<AddressFamily> settled = named.stream().map(IpAddress::family).toList();
        Stream<IpAddress> listening = config.server().listeners().stream()
                .flatMap(listener -> addresses(listener).stream())
                .filter(ip -> !settled.contains(ip.family()));
        Set<IpAddress> all = new LinkedHashSet<>(named);
        listening.forEach(all::add);
        return all;
    }
}
