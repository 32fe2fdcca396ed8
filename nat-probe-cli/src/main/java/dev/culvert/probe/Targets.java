package dev.culvert.probe;

import dev.culvert.ice.nat.ProbeServer;
import dev.culvert.ice.vertx.Names;
import dev.culvert.ice.vertx.NetworkException;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Servers with their addresses, all of one family.
 *
 * @param targets whom to ask
 * @param warnings one line each about servers that are left out
 */
record Targets(List<Target> targets, List<String> warnings) {
    /** One server with the address that is used. */
    record Target(ServerArgument argument, IpAddress ip) {
        ProbeServer server() {
            return new ProbeServer(argument.text(), address());
        }

        TransportAddress address() {
            return new TransportAddress(ip, argument.port());
        }

        TransportAddress tlsAddress() {
            return new TransportAddress(ip, argument.tlsPort());
        }
    }

    List<ProbeServer> servers() {
        return targets.stream().map(Target::server).distinct().toList();
    }

    AddressFamily family() {
        return targets.get(0).ip().family();
    }

    /** Looks all names up, as {@link #resolve(Vertx, List, Optional, Duration, Progress)} does, and shows that it waits. */
    static Targets resolve(Vertx vertx, List<ServerArgument> arguments, CommonOptions options, Console console)
            throws NetworkException {
        try (Progress progress = console.progress()) {
            return resolve(vertx, arguments, options.addressFamily(), options.timeoutOrDefault(), progress);
        }
    }

    /** Looks all names up; IPv4 is preferred where {@code wanted} is empty. */
    static Targets resolve(
            Vertx vertx,
            List<ServerArgument> arguments,
            Optional<AddressFamily> wanted,
            Duration timeout,
            Progress progress)
            throws NetworkException {
        progress.waitFor(
                arguments.size() == 1
                        ? "the address of " + arguments.get(0).host()
                        : "the addresses of " + arguments.size() + " servers",
                timeout);
        Map<ServerArgument, Future<List<IpAddress>>> lookUps = new LinkedHashMap<>();
        arguments.forEach(argument -> lookUps.put(argument, Names.resolve(vertx, argument.host())));
        Map<ServerArgument, List<IpAddress>> resolved = new LinkedHashMap<>();
        List<String> warnings = new ArrayList<>();
        NetworkException failure = null;
        for (Map.Entry<ServerArgument, Future<List<IpAddress>>> lookUp : lookUps.entrySet()) {
            String what = "looking up " + lookUp.getKey().host();
            try {
                resolved.put(lookUp.getKey(), Waiting.atMost(timeout, what, lookUp.getValue()));
            } catch (NetworkException e) {
                warnings.add(e.getMessage());
                failure = e;
            }
        }
        if (resolved.isEmpty() && failure != null) {
            throw arguments.size() == 1 ? failure : noneKnown(arguments, failure);
        }
        return ofFamily(resolved, wanted.orElseGet(() -> preferred(resolved)), warnings);
    }

    private static NetworkException noneKnown(List<ServerArgument> arguments, NetworkException cause) {
        return new NetworkException.UnknownHost(
                "no address is known for any of the " + arguments.size() + " servers, from "
                        + arguments.get(0).host() + " to "
                        + arguments.get(arguments.size() - 1).host()
                        + "; check the network and the resolver, or name a server",
                cause);
    }

    private static AddressFamily preferred(Map<ServerArgument, List<IpAddress>> resolved) {
        boolean anyIpv4 =
                resolved.values().stream().anyMatch(ips -> ips.stream().anyMatch(IpAddress::isIpv4));
        return anyIpv4 ? AddressFamily.IPV4 : AddressFamily.IPV6;
    }

    private static Targets ofFamily(
            Map<ServerArgument, List<IpAddress>> resolved, AddressFamily family, List<String> warnings)
            throws NetworkException {
        List<Target> targets = new ArrayList<>();
        String familyName = family == AddressFamily.IPV4 ? "IPv4" : "IPv6";
        resolved.forEach((argument, ips) -> ips.stream()
                .filter(ip -> ip.family() == family)
                .findFirst()
                .ifPresentOrElse(
                        ip -> targets.add(new Target(argument, ip)),
                        () -> warnings.add("server " + argument.text() + " has no " + familyName
                                + " address and is left out; choose the family with -4 or -6")));
        if (targets.isEmpty()) {
            throw new NetworkException.UnknownHost(String.join("; ", warnings), null);
        }
        return new Targets(targets, warnings);
    }
}
