package dev.culvert.ice.vertx;

import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.datagram.DatagramSocketOptions;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;

/** The UDP sockets for talking to a router: one for requests, one for its announcements. On one event loop. */
final class GatewaySockets {
    /** RFC 6887 §14.1.3, RFC 6886 §3.2.1: where routers announce that they have lost their mappings. */
    private static final int ANNOUNCEMENT_PORT = 5350;

    /** RFC 6886 §3.2.1: the group itself is bound to, so that other programs of this host can do the same. */
    private static final String IPV4_GROUP = "224.0.0.1";

    private final GatewaySearch.Found router;
    private final IpAddress local;
    private final BiConsumer<TransportAddress, ByteBuffer> receiver;
    private final DatagramSocket requests;
    private final DatagramSocket announcements;

    GatewaySockets(Vertx vertx, GatewaySearch.Found router, BiConsumer<TransportAddress, ByteBuffer> receiver) {
        this.router = router;
        this.local = router.gateway().local();
        this.receiver = receiver;
        boolean isIpv6 = local.family() == AddressFamily.IPV6;
        requests = vertx.createDatagramSocket(new DatagramSocketOptions()
                .setIpV6(isIpv6)
                .setMulticastTimeToLive(2)
                .setMulticastNetworkInterface(router.interfaceName()));
        announcements = vertx.createDatagramSocket(new DatagramSocketOptions()
                .setIpV6(isIpv6)
                .setReuseAddress(true)
                .setReusePort(true));
    }

    /** Binds; without announcements where the system does not let us: mappings are made again a little later then. */
    Future<Void> open() {
        requests.handler(this::receive);
        announcements.handler(this::receive);
        if (local.isIpv4()) {
            announcements
                    .listen(ANNOUNCEMENT_PORT, IPV4_GROUP)
                    .compose(bound -> bound.listenMulticastGroup(IPV4_GROUP, router.interfaceName(), null));
        }
        return requests.listen(0, local.toString())
                .recover(cause -> Future.failedFuture(new NetworkException.CannotBind(
                        "cannot bind UDP " + local + ": " + cause.getMessage() + "; choose an address of this host",
                        cause)))
                .mapEmpty();
    }

    private void receive(DatagramPacket packet) {
        receiver.accept(
                UdpSockets.addressOf(packet.sender()),
                ByteBuffer.wrap(packet.data().getBytes()));
    }

    void send(TransportAddress to, ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        requests.send(Buffer.buffer(copy), to.port(), to.ip().toString());
    }

    Future<Void> close() {
        return Future.join(requests.close(), announcements.close()).mapEmpty();
    }
}
