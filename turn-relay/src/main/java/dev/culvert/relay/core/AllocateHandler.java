package dev.culvert.relay.core;

import dev.culvert.relay.core.Answer.ErrorReply;
import dev.culvert.relay.core.PortPool.Choice;
import dev.culvert.server.core.Counters;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.AdditionalAddressFamily;
import dev.culvert.stun.attribute.EvenPort;
import dev.culvert.stun.attribute.RequestedAddressFamily;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.ReservationToken;
import java.util.List;
import java.util.Optional;

/** Allocate (RFC 8656 §7.2): the numbered checks. What passes them goes to the {@link AllocationMaker}. */
final class AllocateHandler {
    private final Allocations allocations;
    private final AllocationMaker maker;
    private final Counters<RelayCounter> counters;
    private List<Alternate> alternates = List.of();
    private boolean isDraining;

    AllocateHandler(Allocations allocations, AllocationMaker maker, Counters<RelayCounter> counters) {
        this.allocations = allocations;
        this.maker = maker;
        this.counters = counters;
    }

    void drain(List<Alternate> elsewhere) {
        alternates = List.copyOf(elsewhere);
        isDraining = true;
    }

    Answer answer(Request request) {
        Allocation existing = allocations.find(request.flow());
        // RFC 8656 §7.2 (2): a 5-tuple with an allocation is a 437, unless this is the request that made it.
        if (existing != null) {
            return again(request, existing);
        }
        // RFC 8656 §21.4: nothing is allocated for addresses of Teredo and 6to4.
        if (isTunnelled(request.flow().remote().ip())) {
            return ErrorReply.of(403, RefusalReason.TUNNEL, "clients of Teredo and 6to4 get no allocation");
        }
        // RFC 8656 §7.2 (11): 300 sends clients elsewhere.
        if (isDraining) {
            return elsewhere(request.flow().remote().ip().family());
        }
        StunMessage message = request.message();
        Optional<RequestedTransport> transport = message.get(RequestedTransport.TYPE);
        // RFC 8656 §7.2 (3): without a well-formed REQUESTED-TRANSPORT it is a 400, and so it is with other bad values.
        if (transport.isEmpty() || RequestCheck.isUndecodable(message)) {
            return ErrorReply.badRequest("REQUESTED-TRANSPORT is missing, or an attribute does not decode");
        }
        // RFC 8656 §7.2 (3): another protocol than UDP is a 442.
        if (transport.get().protocol() != RequestedTransport.UDP) {
            return ErrorReply.of(
                    442,
                    RefusalReason.TRANSPORT,
                    "protocol " + transport.get().protocol() + " is asked for, which is not UDP");
        }
        return message.has(ReservationToken.TYPE) ? redeem(request) : allocate(request);
    }

    private Answer again(Request request, Allocation existing) {
        if (isRetransmission(request, existing)) {
            counters.increment(RelayCounter.RETRANSMISSIONS);
            return maker.success(existing, request);
        }
        return ErrorReply.of(437, RefusalReason.ALLOCATION_MISMATCH, "the client has an allocation already");
    }

    private static boolean isRetransmission(Request request, Allocation existing) {
        return request.message().hasTransactionId(existing.createdBy) && existing.isOwnedBy(request.credential());
    }

    private static boolean isTunnelled(IpAddress client) {
        boolean isTeredo = client.high() >>> 32 == 0x2001_0000L;
        boolean is6to4 = client.high() >>> 48 == 0x2002L;
        return !client.isIpv4() && (isTeredo || is6to4);
    }

    private Answer elsewhere(AddressFamily family) {
        List<Attribute> attributes = Alternate.attributes(alternates, family);
        // RFC 8489 §14.15: ALTERNATE-SERVER has the family of the request's source, or there is no 300.
        Refusal why = new Refusal(RefusalReason.DRAINING, "the server drains and takes no new clients");
        return attributes.isEmpty() ? ErrorReply.of(Ledger.FULL, why) : new ErrorReply(300, attributes, why);
    }

    private Answer redeem(Request request) {
        StunMessage message = request.message();
        // RFC 8656 §7.2 (5): RESERVATION-TOKEN says it all; with one of these it is a 400.
        if (message.has(EvenPort.TYPE)
                || message.has(RequestedAddressFamily.TYPE)
                || message.has(AdditionalAddressFamily.TYPE)) {
            return ErrorReply.badRequest("RESERVATION-TOKEN goes with no other wish for an address");
        }
        return message.get(ReservationToken.TYPE)
                .map(token -> maker.redeem(request, token))
                .orElseGet(() -> ErrorReply.badRequest("RESERVATION-TOKEN does not decode"));
    }

    private Answer allocate(Request request) {
        StunMessage message = request.message();
        Optional<RequestedAddressFamily> requested = message.get(RequestedAddressFamily.TYPE);
        Optional<AdditionalAddressFamily> additional = message.get(AdditionalAddressFamily.TYPE);
        // RFC 8656 §7.2 (6): REQUESTED-ADDRESS-FAMILY and ADDITIONAL-ADDRESS-FAMILY exclude each other.
        if (requested.isPresent() && additional.isPresent()) {
            return ErrorReply.badRequest("REQUESTED-ADDRESS-FAMILY and ADDITIONAL-ADDRESS-FAMILY exclude each other");
        }
        Choice choice = choice(message.get(EvenPort.TYPE));
        // RFC 8656 §7.2 (8): so do a reserved port and ADDITIONAL-ADDRESS-FAMILY.
        if (choice == Choice.PAIR && additional.isPresent()) {
            return ErrorReply.badRequest(
                    "EVEN-PORT with a reservation and ADDITIONAL-ADDRESS-FAMILY exclude each other");
        }
        // RFC 8656 §7.2 (9): ADDITIONAL-ADDRESS-FAMILY asks for IPv6 or is a 400.
        if (additional.isPresent() && additional.get().family() != AddressFamily.IPV6.number()) {
            return ErrorReply.badRequest("ADDITIONAL-ADDRESS-FAMILY asks for another family than IPv6");
        }
        if (additional.isPresent()) {
            return maker.allocateBoth(request, choice);
        }
        // RFC 8656 §7.2 (7): IPv4 unless told otherwise; a family that nobody knows is a 440.
        return family(requested)
                .map(family -> maker.allocate(request, family, choice))
                .orElseGet(() -> ErrorReply.of(440, RefusalReason.FAMILY, "nobody knows that address family"));
    }

    private static Choice choice(Optional<EvenPort> evenPort) {
        return evenPort.map(even -> even.reserveNext() ? Choice.PAIR : Choice.EVEN)
                .orElse(Choice.ANY);
    }

    private static Optional<AddressFamily> family(Optional<RequestedAddressFamily> requested) {
        return requested.isEmpty()
                ? Optional.of(AddressFamily.IPV4)
                : requested.get().addressFamily();
    }
}
