package dev.culvert.probe;

import dev.culvert.ice.nat.NatType;
import dev.culvert.ice.nat.Verdict;
import java.util.List;

/** What a NAT type means to those who do not know the RFCs. */
final class Meaning {
    private Meaning() {}

    /** The names of other worlds: NAT1–4, and what game consoles call it. */
    static String otherNames(NatType natType) {
        return switch (natType) {
            case OPEN -> "no NAT; Open (games)";
            case FIREWALL -> "no NAT, stateful firewall; Moderate (games)";
            case FULL_CONE -> "NAT1; Open (games)";
            case RESTRICTED_CONE -> "NAT2; Moderate (games)";
            case PORT_RESTRICTED_CONE -> "NAT3; Moderate (games)";
            case SYMMETRIC -> "NAT4; Strict (games)";
            case UDP_BLOCKED -> "UDP blocked; Strict (games)";
            case UNKNOWN -> "nothing, before more is proven";
        };
    }

    /** One line each for VoIP, WebRTC and games. */
    static List<String> of(Verdict verdict) {
        return switch (verdict.natType()) {
            case OPEN ->
                List.of(
                        "VoIP: works without further help.",
                        "WebRTC: direct connections to everyone.",
                        "Games: can host and join.");
            case FIREWALL ->
                List.of(
                        "VoIP: works once this side has sent; keep flows alive.",
                        "WebRTC: direct connections to everyone who knows STUN and ICE.",
                        "Games: can join; to host, open the port in the firewall.");
            case FULL_CONE ->
                List.of(
                        "VoIP: works with the address that STUN tells.",
                        "WebRTC: direct connections to everyone, those behind symmetric NATs included.",
                        "Games: can host and join while the mapping is kept alive.");
            case RESTRICTED_CONE ->
                List.of(
                        "VoIP: works with STUN once this side has sent.",
                        "WebRTC: direct connections to most; to a symmetric NAT, too, if it has one public address.",
                        "Games: can join nearly all; hosting needs a forwarded port or UPnP.");
            case PORT_RESTRICTED_CONE ->
                List.of(
                        "VoIP: works with STUN and ICE once both sides have sent.",
                        "WebRTC: direct connections to all but those behind symmetric NATs; these need a TURN relay.",
                        "Games: can join most; hosting needs a forwarded port or UPnP.");
            case SYMMETRIC ->
                List.of(
                        "VoIP: the address that STUN tells is of no use to others; use ICE with a TURN relay.",
                        "WebRTC: direct only to open hosts and to NATs that filter little; provide a TURN relay.",
                        "Games: many cannot be joined without a relay; forward a port or switch UPnP on.");
            case UDP_BLOCKED ->
                List.of(
                        "VoIP: only over TCP or TLS.",
                        "WebRTC: only through TURN over TCP or TLS.",
                        "Games: those that need UDP do not work.");
            case UNKNOWN ->
                List.of("What this means for VoIP, WebRTC and games cannot be said: see what is inconclusive.");
        };
    }
}
