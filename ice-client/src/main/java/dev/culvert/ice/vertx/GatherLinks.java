package dev.culvert.ice.vertx;

import dev.culvert.ice.gather.GatherServer;
import dev.culvert.ice.gather.LinkId;
import dev.culvert.ice.resolution.ServerTransport;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunUri;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Connections to TURN servers over TCP and TLS. All calls and events happen on one event loop. */
final class GatherLinks {
    private final Vertx vertx;
    private final IceGatheringOptions options;
    private final Set<LinkId> wanted = new HashSet<>();
    private final Map<LinkId, TurnLink> links = new HashMap<>();

    GatherLinks(Vertx vertx, IceGatheringOptions options) {
        this.vertx = vertx;
        this.options = options;
    }

    /** Connects; what comes goes to {@code receiver}. Fails where there is no connection, or it is not wanted any more. */
    Future<Void> open(LinkId id, int server, IpAddress local, TransportAddress to, TurnLink.Receiver receiver) {
        wanted.add(id);
        TurnOptions turn = TurnOptions.defaults()
                .withLocal(new SocketOptions(Optional.of(local), 0))
                .withTimeout(options.timeout())
                .withTap(options.tap());
        return TurnLink.open(vertx, addressOf(server, to), turn, receiver).compose(link -> {
            if (!wanted.contains(id)) {
                return link.close().compose(closed -> Future.failedFuture("not wanted any more"));
            }
            links.put(id, link);
            return Future.succeededFuture();
        });
    }

    private TurnServerAddress addressOf(int server, TransportAddress to) {
        GatherServer.Turn turn = (GatherServer.Turn) options.gather().servers().get(server);
        if (turn.transport() != ServerTransport.TLS) {
            return TurnServerAddress.tcp(to);
        }
        StunUri uri = options.uris().get(server);
        String name = uri.ipAddress().isPresent() ? "" : uri.host();
        return TurnServerAddress.tls(to, new StreamBinding.Trust(false, name, options.authoritiesFile()));
    }

    void send(LinkId id, ByteBuffer bytes) {
        TurnLink link = links.get(id);
        if (link != null) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            link.send(Buffer.buffer(copy));
        }
    }

    void close(LinkId id) {
        wanted.remove(id);
        TurnLink link = links.remove(id);
        if (link != null) {
            link.close();
        }
    }

    Future<Void> close() {
        wanted.clear();
        List<Future<Void>> closing = new ArrayList<>();
        links.values().forEach(link -> closing.add(link.close()));
        links.clear();
        return Future.join(closing).mapEmpty();
    }
}
