package dev.culvert.ice.vertx;

import dev.culvert.ice.gather.LocalAddress;
import dev.culvert.ice.gather.LocalInterface;
import dev.culvert.ice.mdns.MulticastResponder;
import dev.culvert.stun.IpAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.datagram.DatagramSocketOptions;
import java.io.File;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Answers multicast DNS for the names that stand in for this host's addresses, on each of their interfaces that has IPv4,
 * by a socket of its own. All calls happen on one event loop.
 */
final class MulticastNames {
    private static final String GROUP = MulticastResponder.GROUP.ip().toString();

    /** The group itself, so that what is sent to other programs of this host does not come here; Windows cannot. */
    private static final String BOUND_TO = File.separatorChar == '\\' ? "0.0.0.0" : GROUP;

    /** RFC 6762 §11 */
    private static final int TIME_TO_LIVE = 255;

    /** RFC 6762 §8.3: between an announcement and its repetition. */
    private static final long ANNOUNCEMENT_MILLIS = 1000;

    private final Vertx vertx;
    private final List<LocalInterface> interfaces;
    private final BiConsumer<String, String> onFailure;
    private final Map<String, Link> links = new LinkedHashMap<>();

    /**
     * @param onFailure takes the name of an interface on which nothing can be answered, and why
     */
    MulticastNames(Vertx vertx, List<LocalInterface> interfaces, BiConsumer<String, String> onFailure) {
        this.vertx = vertx;
        this.interfaces = interfaces;
        this.onFailure = onFailure;
    }

    /** Answers for these from now on, too. */
    void serve(Map<IpAddress, String> names) {
        for (LocalInterface each : interfaces) {
            List<IpAddress> addresses =
                    each.addresses().stream().map(LocalAddress::ip).toList();
            if (addresses.stream().noneMatch(names::containsKey)) {
                continue;
            }
            if (addresses.stream().anyMatch(IpAddress::isIpv4)) {
                links.computeIfAbsent(each.name(), Link::new).serve(names);
            } else if (links.isEmpty()) {
                onFailure.accept(each.name(), "it has no IPv4 address, by which names are answered for");
            }
        }
    }

    /** Says that the names are no longer good, and closes the sockets. */
    Future<Void> close() {
        List<Future<Void>> closing = new ArrayList<>();
        links.values().forEach(link -> closing.add(link.close()));
        links.clear();
        return Future.join(closing).mapEmpty();
    }

    /** One interface. */
    private final class Link {
        private final MulticastResponder responder = new MulticastResponder();
        private final DatagramSocket socket;
        private final Future<Void> opened;
        private boolean isClosed;

        Link(String name) {
            socket = vertx.createDatagramSocket(new DatagramSocketOptions()
                    .setReuseAddress(true)
                    .setMulticastNetworkInterface(name)
                    .setMulticastTimeToLive(TIME_TO_LIVE)
                    // Other programs of this host ask, too.
                    .setLoopbackModeDisabled(false));
            socket.handler(this::onDatagram);
            opened = socket.listen(MulticastResponder.GROUP.port(), BOUND_TO)
                    .compose(bound -> bound.listenMulticastGroup(GROUP, name, null))
                    .onFailure(cause -> onFailure.accept(name, String.valueOf(cause.getMessage())));
        }

        void serve(Map<IpAddress, String> names) {
            boolean isNews = false;
            for (Map.Entry<IpAddress, String> each : names.entrySet()) {
                isNews |= !responder.has(each.getValue());
                responder.put(each.getValue(), each.getKey());
            }
            if (isNews) {
                opened.onSuccess(ready -> {
                    announce();
                    vertx.setTimer(ANNOUNCEMENT_MILLIS, timer -> announce());
                });
            }
        }

        private void announce() {
            if (!isClosed) {
                send(responder.announcement(System.nanoTime()));
            }
        }

        private void onDatagram(DatagramPacket packet) {
            send(responder.answer(
                    ByteBuffer.wrap(packet.data().getBytes()),
                    UdpSockets.addressOf(packet.sender()),
                    System.nanoTime()));
        }

        private Future<Void> send(Optional<MulticastResponder.Reply> reply) {
            return reply.map(known -> socket.send(
                            Buffer.buffer(known.message().array())
                                    .slice(0, known.message().limit()),
                            known.to().port(),
                            known.to().ip().toString()))
                    .orElseGet(Future::succeededFuture);
        }

        Future<Void> close() {
            isClosed = true;
            return opened.compose(ready -> send(responder.goodbye(System.nanoTime())))
                    .transform(sent -> socket.close());
        }
    }
}
