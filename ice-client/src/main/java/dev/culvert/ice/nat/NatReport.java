package dev.culvert.ice.nat;

import dev.culvert.stun.TransportAddress;
import java.util.List;

/**
 * The outcome of a discovery.
 *
 * @param verdict what it comes to
 * @param external the addresses that servers saw of one socket, without repetition, the first server's first
 * @param local the addresses of this host with the port of that socket, the one from which the servers are reached first
 * @param servers what was learned about each server
 * @param evidence every request and its outcome
 * @param ports how external ports are chosen
 * @param fragments whether datagrams in several IP packets pass
 * @param hints signs of a second NAT, of translation between families and other oddities
 * @param loss the share of round trips lost, 0–1
 */
public record NatReport(
        Verdict verdict,
        List<TransportAddress> external,
        List<TransportAddress> local,
        List<ServerFinding> servers,
        List<Evidence> evidence,
        PortBehavior ports,
        FragmentBehavior fragments,
        List<Hint> hints,
        double loss) {
    public NatReport {
        external = List.copyOf(external);
        local = List.copyOf(local);
        servers = List.copyOf(servers);
        evidence = List.copyOf(evidence);
        hints = List.copyOf(hints);
    }
}
