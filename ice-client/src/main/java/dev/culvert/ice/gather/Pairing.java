package dev.culvert.ice.gather;

import dev.culvert.stun.TransportAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pairs the sockets of this host with mapping services and servers (RFC 8445 §5.1.1.2). Mutable, owned by one thread. */
final class Pairing {
    private final Gathering gathering;
    private final GatherOptions options;
    private final List<List<TransportAddress>> servers = new ArrayList<>();

    Pairing(Gathering gathering) {
        this.gathering = gathering;
        this.options = gathering.options();
        options.servers().forEach(server -> servers.add(List.of()));
    }

    void onSocketBound(BaseSocket socket, long nowNanos) {
        for (int i = 0; i < options.mappings().size(); i++) {
            GatherSource source =
                    source(GatherSource.Kind.MAPPING, options.mappings().get(i), socket);
            MappingTask task = new MappingTask(gathering, socket, source, i, lowerTask(socket, i));
            gathering.tasks().add(task);
            task.start(nowNanos);
        }
        for (int slot = 0; slot < servers.size(); slot++) {
            pair(socket, slot);
        }
    }

    void onResolved(int slot, List<TransportAddress> addresses, List<BaseSocket> sockets) {
        servers.set(slot, List.copyOf(addresses));
        sockets.forEach(socket -> pair(socket, slot));
    }

    /** RFC 8445 §5.1.1.2: pairs a host candidate with a server, if it can reach one of its addresses. */
    private void pair(BaseSocket socket, int slot) {
        List<TransportAddress> addresses = servers.get(slot).stream()
                .filter(each -> each.ip().family() == socket.base().ip().family())
                .toList();
        if (addresses.isEmpty()) {
            return;
        }
        int rank = options.mappings().size() + slot;
        GatherTask lower = lowerTask(socket, rank);
        GatherServer server = options.servers().get(slot);
        if (server instanceof GatherServer.Turn turn) {
            GatherSource source = source(GatherSource.Kind.TURN, server.name(), socket);
            gathering.plan(new RelayTask(gathering, socket, source, rank, addresses, turn, lower));
            return;
        }
        GatherSource source = source(GatherSource.Kind.STUN, server.name(), socket);
        gathering.plan(new BindingTask(gathering, socket, source, rank, addresses.get(0), lower));
    }

    private static GatherSource source(GatherSource.Kind kind, String name, BaseSocket socket) {
        return new GatherSource(kind, name, socket.local(), socket.component());
    }

    /** The task of the same base and source for the component below. */
    private @Nullable GatherTask lowerTask(BaseSocket socket, int sourceRank) {
        for (GatherTask task : gathering.tasks()) {
            boolean isOfBase = task.socket().base().equals(socket.base());
            if (isOfBase && task.socket().component() == socket.component() - 1 && task.sourceRank() == sourceRank) {
                return task;
            }
        }
        return null;
    }
}
