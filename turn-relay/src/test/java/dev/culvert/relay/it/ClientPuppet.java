package dev.culvert.relay.it;

import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.AdditionalAddressFamily;
import dev.culvert.stun.attribute.DontFragment;
import dev.culvert.stun.attribute.XorRelayedAddress;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Collectors;

/** A TURN client on a host of a laboratory; arguments: server, user, password, and {@code tcp} unless it is by UDP. */
final class ClientPuppet {
    private final Wire wire;
    private final PlainClient client;

    private ClientPuppet(Wire wire, LongTermCredential user) {
        this.wire = wire;
        this.client = new PlainClient(wire, Optional.of(user));
    }

    public static void main(String[] arguments) throws IOException {
        TransportAddress server = address(arguments[0]);
        LongTermCredential user = new LongTermCredential(arguments[1], arguments[2]);
        Wire wire = arguments.length > 3 ? Wire.tcp(server) : Wire.udp(server);
        Puppet.obey(new ClientPuppet(wire, user)::obey);
    }

    private String obey(String[] order) throws IOException {
        return switch (order[0]) {
            case "allocate" -> allocated();
            case "permit" -> "" + client.permit(IpAddress.parse(order[1]).orElseThrow());
            case "bind" -> "" + client.bind(Integer.decode(order[1]), address(order[2]));
            case "send" -> send(order);
            case "send-unfragmented" -> send(order, new DontFragment());
            case "send-on-channel" -> {
                client.sendOnChannel(Integer.decode(order[1]), new byte[Integer.parseInt(order[2])]);
                yield "sent";
            }
            case "traffic-class" -> {
                wire.setTrafficClass(Integer.decode(order[1]));
                yield "set";
            }
            case "errors" -> client.errors().toString().replace(" ", "");
            case "packets" -> "" + client.packets();
            default -> throw new IllegalArgumentException(order[0]);
        };
    }

    private static TransportAddress address(String text) {
        return TransportAddress.parse(text).orElseThrow();
    }

    /** The relayed addresses, of IPv4 and of IPv6. */
    private String allocated() throws IOException {
        StunMessage answer = client.allocate(AdditionalAddressFamily.of(AddressFamily.IPV6));
        return answer.all(XorRelayedAddress.TYPE).stream()
                .map(relayed -> relayed.address().toString())
                .collect(Collectors.joining(","));
    }

    private String send(String[] order, Attribute... more) throws IOException {
        client.send(address(order[1]), new byte[Integer.parseInt(order[2])], more);
        return "sent";
    }
}
