package dev.culvert.relay.admin;

import dev.culvert.relay.core.AllocationView;
import dev.culvert.server.admin.AdminRequest;
import dev.culvert.server.admin.BadRequestException;
import dev.culvert.server.config.InvalidValueException;
import dev.culvert.server.config.Parsers;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Which allocations somebody wants to see: those that all of what is given holds for. */
record AllocationFilter(
        Optional<String> user,
        Optional<Predicate<TransportAddress>> client,
        Optional<Predicate<TransportAddress>> relayed,
        Optional<Transport> transport)
        implements Predicate<AllocationView> {
    /** The parameters of a query that say it. */
    static final List<String> PARAMETERS = List.of("user", "client", "relayed", "transport");

    static AllocationFilter of(AdminRequest request) throws BadRequestException {
        return new AllocationFilter(
                request.query("user", text -> text),
                request.query("client", AllocationFilter::address),
                request.query("relayed", AllocationFilter::address),
                request.query("transport", Parsers.oneOf(Transport.class)));
    }

    /** An address with or without its port. */
    private static Predicate<TransportAddress> address(String text) throws InvalidValueException {
        Optional<IpAddress> ip = IpAddress.parse(text);
        if (ip.isPresent()) {
            return address -> address.ip().equals(ip.get());
        }
        TransportAddress wanted = TransportAddress.parse(text)
                .orElseThrow(() -> new InvalidValueException(
                        "not an address", "write ADDR or ADDR:PORT, for example 192.0.2.7 or [2001:db8::7]:5060"));
        return wanted::equals;
    }

    @Override
    public boolean test(AllocationView allocation) {
        return isOfUser(allocation)
                && client.map(wanted -> wanted.test(allocation.flow().remote())).orElse(true)
                && relayed.map(wanted -> allocation.relayed().stream().anyMatch(wanted))
                        .orElse(true)
                && transport
                        .map(wanted -> wanted == allocation.flow().transport())
                        .orElse(true);
    }

    private boolean isOfUser(AllocationView allocation) {
        return user.map(wanted -> wanted.equals(allocation.userId()) || wanted.equals(allocation.username()))
                .orElse(true);
    }
}
