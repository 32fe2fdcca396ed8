package dev.culvert.ice.vertx;

import dev.culvert.ice.SocketId;
import dev.culvert.ice.gather.Candidate;
import dev.culvert.ice.gather.GatherEvent;
import dev.culvert.ice.gather.GatherOutput;
import dev.culvert.ice.gather.GatherSource;
import dev.culvert.ice.gather.IceGatherer;
import dev.culvert.ice.gather.LinkId;
import dev.culvert.ice.turn.TurnEvent;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Brings what the gatherer decides to sockets, connections and mapping services, and what these bring back to it. */
final class GatherWires implements GatherOutput {
    private final GatherSockets sockets;
    private final GatherLinks links;
    private final GatherMappings mappings;
    private final Receiver receiver;

    /** Who owns the gatherer. */
    interface Receiver {
        /** Calls the gatherer, unless it has ended, and then follows its deadline. */
        void drive(Consumer<IceGatherer> call);

        void onRelayedData(Candidate relayed, TransportAddress peer, ByteBuffer data);

        void onRelayEvent(GatherSource source, TurnEvent event);

        void onEvent(GatherEvent event);
    }

    GatherWires(GatherSockets sockets, GatherLinks links, GatherMappings mappings, Receiver receiver) {
        this.sockets = sockets;
        this.links = links;
        this.mappings = mappings;
        this.receiver = receiver;
    }

    @Override
    public void bind(SocketId socket, IpAddress local, int port) {
        sockets.open(socket, local, port)
                .onComplete(
                        bound -> receiver.drive(gatherer -> gatherer.onBound(socket, bound, System.nanoTime())),
                        cause -> receiver.drive(gatherer ->
                                gatherer.onBindFailed(socket, String.valueOf(cause.getMessage()), System.nanoTime())));
    }

    @Override
    public void send(SocketId socket, TransportAddress to, ByteBuffer bytes) {
        // What the system does not take counts as lost on the way.
        sockets.send(socket, to, bytes);
    }

    @Override
    public void connect(LinkId link, int server, IpAddress local, TransportAddress to) {
        TurnLink.Receiver received = new TurnLink.Receiver() {
            @Override
            public void onMessage(ByteBuffer buffer, int offset, int lengthBytes) {
                receiver.drive(gatherer -> gatherer.onFrame(link, buffer, offset, lengthBytes, System.nanoTime()));
            }

            @Override
            public void onLost(NetworkException cause) {
                lose(link, cause);
            }
        };
        links.open(link, server, local, to, received)
                .onComplete(
                        open -> receiver.drive(gatherer -> gatherer.onConnected(link, System.nanoTime())),
                        cause -> lose(link, cause));
    }

    private void lose(LinkId link, Throwable cause) {
        links.close(link);
        receiver.drive(
                gatherer -> gatherer.onConnectionLost(link, String.valueOf(cause.getMessage()), System.nanoTime()));
    }

    @Override
    public void send(LinkId link, ByteBuffer bytes) {
        links.send(link, bytes);
    }

    @Override
    public void close(LinkId link) {
        links.close(link);
    }

    @Override
    public void map(String service, TransportAddress base) {
        mappings.map(service, base, new MappingService.Listener() {
            @Override
            public void onMapped(TransportAddress external) {
                receiver.drive(gatherer -> gatherer.onMapped(service, base, external, System.nanoTime()));
            }

            @Override
            public void onEnded(String reason) {
                receiver.drive(gatherer -> gatherer.onMappingEnded(service, base, reason, System.nanoTime()));
            }
        });
    }

    @Override
    public void onRelayedData(
            Candidate relayed, TransportAddress peer, ByteBuffer buffer, int offset, int lengthBytes) {
        receiver.onRelayedData(relayed, peer, buffer.slice(offset, lengthBytes));
    }

    @Override
    public void onRelayEvent(GatherSource source, TurnEvent event) {
        receiver.onRelayEvent(source, event);
    }

    @Override
    public void onEvent(GatherEvent event) {
        receiver.onEvent(event);
    }
}
