package dev.culvert.ice.turn;

import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.attribute.AdditionalAddressFamily;
import dev.culvert.stun.attribute.DontFragment;
import dev.culvert.stun.attribute.EvenPort;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.RequestedAddressFamily;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.ReservationToken;
import java.util.ArrayList;
import java.util.List;

/**
 * What an Allocate request asks for (RFC 8656 §7.1).
 *
 * @param families the families of the relayed addresses
 * @param port which relayed port
 * @param lifetimeSeconds how long the server shall keep the allocation between two refreshes; 0 leaves it to the server
 * @param dontFragment whether the server must be able to send unfragmented datagrams, for
 *     {@link TurnClient#sendUnfragmented}
 */
public record AllocateOptions(Families families, Port port, long lifetimeSeconds, boolean dontFragment) {
    private static final AllocateOptions DEFAULTS = new AllocateOptions(Families.IPV4, new AnyPort(), 0, false);

    /** The families of the relayed addresses. */
    public enum Families {
        /** One IPv4 address. */
        IPV4,
        /** One IPv6 address. */
        IPV6,
        /** An IPv4 address, and an IPv6 address if the server has one. */
        DUAL
    }

    /** Which relayed port. */
    public sealed interface Port {}

    /** Any. */
    public record AnyPort() implements Port {}

    /**
     * An even one, as for RTP.
     *
     * @param reserveNext the server shall keep the next one, for {@link ReservedPort}
     */
    public record EvenPortWanted(boolean reserveNext) implements Port {}

    /**
     * The one that another allocation had the server reserve; its family is known to the server.
     *
     * @param token from {@link TurnEvent.Allocated}
     */
    public record ReservedPort(long token) implements Port {}

    public AllocateOptions {
        // RFC 8656 §7.1: no family beside a token, no second family beside a reservation.
        if (port instanceof ReservedPort && families != Families.IPV4) {
            throw new IllegalArgumentException("a reserved port has its own family: " + families);
        }
        if (families == Families.DUAL && port instanceof EvenPortWanted even && even.reserveNext()) {
            throw new IllegalArgumentException("a dual allocation cannot reserve a port");
        }
        if (lifetimeSeconds >>> 32 != 0) {
            throw new IllegalArgumentException("a lifetime is 0 to 2^32-1 seconds, not " + lifetimeSeconds);
        }
    }

    /** One IPv4 address with any port, for as long as the server likes. */
    public static AllocateOptions defaults() {
        return DEFAULTS;
    }

    public AllocateOptions withFamilies(Families wanted) {
        return new AllocateOptions(wanted, port, lifetimeSeconds, dontFragment);
    }

    public AllocateOptions withPort(Port wanted) {
        return new AllocateOptions(families, wanted, lifetimeSeconds, dontFragment);
    }

    public AllocateOptions withLifetimeSeconds(long wanted) {
        return new AllocateOptions(families, port, wanted, dontFragment);
    }

    public AllocateOptions withDontFragment() {
        return new AllocateOptions(families, port, lifetimeSeconds, true);
    }

    /** The attributes of the request. */
    List<Attribute> toAttributes() {
        List<Attribute> attributes = new ArrayList<>();
        // RFC 8656 §7.1: REQUESTED-TRANSPORT must be there, and is always UDP.
        attributes.add(new RequestedTransport(RequestedTransport.UDP));
        // IPv4 goes unsaid, as servers that know RFC 5766 only want it.
        if (families == Families.IPV6) {
            attributes.add(RequestedAddressFamily.of(AddressFamily.IPV6));
        }
        if (families == Families.DUAL) {
            attributes.add(AdditionalAddressFamily.of(AddressFamily.IPV6));
        }
        if (port instanceof EvenPortWanted even) {
            attributes.add(new EvenPort(even.reserveNext()));
        }
        if (port instanceof ReservedPort reserved) {
            attributes.add(new ReservationToken(reserved.token()));
        }
        if (dontFragment) {
            attributes.add(new DontFragment());
        }
        attributes.addAll(lifetime());
        return attributes;
    }

    /** LIFETIME as every Refresh repeats it; empty where it is the server's to say. */
    List<Attribute> lifetime() {
        return lifetimeSeconds == 0 ? List.of() : List.of(new Lifetime(lifetimeSeconds));
    }

    /** Whether an answer with relayed addresses of {@code granted} is what was asked for. */
    boolean accepts(List<AddressFamily> granted) {
        if (port instanceof ReservedPort) {
            return granted.size() == 1;
        }
        return switch (families) {
            case IPV4 -> granted.equals(List.of(AddressFamily.IPV4));
            case IPV6 -> granted.equals(List.of(AddressFamily.IPV6));
            case DUAL -> granted.size() == 1 || granted.size() == 2 && granted.get(0) != granted.get(1);
        };
    }
}
