package dev.culvert.ice.examples;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.nat.DiscoveryPlan;
import dev.culvert.ice.nat.MeasurementPlan;
import dev.culvert.ice.nat.NatType;
import dev.culvert.ice.nat.PortAssignment;
import dev.culvert.ice.nat.PortReport;
import dev.culvert.ice.nat.ProbeServer;
import dev.culvert.ice.portmap.MappingRequest;
import dev.culvert.ice.portmap.PortProtocol;
import dev.culvert.ice.resolution.ServerAttempt;
import dev.culvert.ice.resolution.ServerTransport;
import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.vertx.LocalAddresses;
import dev.culvert.ice.vertx.NatMeasurements;
import dev.culvert.ice.vertx.NetworkException;
import dev.culvert.ice.vertx.PacketTap;
import dev.culvert.ice.vertx.PortMappingOptions;
import dev.culvert.ice.vertx.PortMappings;
import dev.culvert.ice.vertx.ServerLookUp;
import dev.culvert.ice.vertx.SocketOptions;
import dev.culvert.ice.vertx.TurnConnection;
import dev.culvert.ice.vertx.TurnOptions;
import dev.culvert.ice.vertx.VertxNatDiscovery;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunUri;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/** What the ready-made sockets and timers take off the caller. */
final class UseTheShell {
    private final Vertx vertx;

    UseTheShell(Vertx vertx) {
        this.vertx = vertx;
    }

    Future<TurnConnection> relay(StunUri uri, LongTermCredential user, TransportAddress peer, ByteBuffer payload) {
        return TurnConnection.open(vertx, uri, user, TurnOptions.defaults()).onSuccess(turn -> {
            turn.dataHandler((from, data) -> turn.send(from, data));
            turn.bindChannel(peer).onSuccess(number -> turn.send(peer, payload));
        });
    }

    Future<List<ServerAttempt>> find(StunUri uri) {
        return ServerLookUp.resolve(vertx, uri, List.of(ServerTransport.UDP, ServerTransport.TCP));
    }

    Future<NatType> classify(TransportAddress server) throws NetworkException {
        DiscoveryPlan plan = new DiscoveryPlan(
                List.of(new ProbeServer("the server's name", server)),
                LocalAddresses.ofReach(LocalAddresses.routeTo(server)),
                RetransmissionSchedule.probe(),
                0);
        return VertxNatDiscovery.run(vertx, plan, SocketOptions.ANY, List.of(), PacketTap.NONE)
                .map(report -> report.verdict().natType());
    }

    Future<PortAssignment> ports(ProbeServer server, List<IpAddress> local) {
        MeasurementPlan plan = new MeasurementPlan(server, local, RetransmissionSchedule.probe());
        return NatMeasurements.ports(vertx, plan, 16, SocketOptions.ANY, PacketTap.NONE, done -> {})
                .map(PortReport::assignment);
    }

    Future<PortMappings> map(PortMappingOptions options, Consumer<TransportAddress> signal) {
        return PortMappings.open(vertx, options).onSuccess(router -> {
            router.map(MappingRequest.of(PortProtocol.UDP, 5000))
                    .onSuccess(mapping -> signal.accept(mapping.external()))
                    .onFailure(cause -> System.err.println(cause.getMessage()));
        });
    }
}
