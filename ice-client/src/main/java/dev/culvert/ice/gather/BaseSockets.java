package dev.culvert.ice.gather;

import dev.culvert.ice.SocketId;
import dev.culvert.stun.TransportAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The sockets of one gatherer: a host candidate for each. Mutable, owned by one thread. */
final class BaseSockets {
    /** How many ports are tried before the system picks one. */
    private static final int MAX_ATTEMPTS = 8;

    private static final int FIRST_DYNAMIC_PORT = 49_152;

    private final Gathering gathering;
    private final Bound onBound;
    private final List<BaseSocket> sockets = new ArrayList<>();

    /** Learns that a socket is open, and its candidate told. */
    @FunctionalInterface
    interface Bound {
        void onBound(BaseSocket socket, long nowNanos);
    }

    BaseSockets(Gathering gathering, Bound onBound) {
        this.gathering = gathering;
        this.onBound = onBound;
    }

    /** Opens a socket for a component of a base; port 0 means any that fits. */
    void open(LocalBase base, int component, int port, long nowNanos) {
        BaseSocket socket = new BaseSocket(new SocketId(sockets.size()), base, component, nowNanos);
        sockets.add(socket);
        bind(socket, port == 0 ? pick(socket) : port);
    }

    private void bind(BaseSocket socket, int port) {
        socket.port = port;
        gathering.out().bind(socket.id(), socket.base().ip(), port);
    }

    private boolean isAnyPortAllowed() {
        return gathering.options().ports().equals(GatherOptions.PortRange.ANY);
    }

    /** A port to try. RTP takes an even one, so that RTCP can take the next (RFC 3550 §11). */
    private int pick(BaseSocket socket) {
        GatherOptions.PortRange range = gathering.options().ports();
        boolean isPair = gathering.options().components() == 2 && socket.component() == 1;
        boolean isAny = isAnyPortAllowed();
        if (isAny && (!isPair || socket.attempts >= MAX_ATTEMPTS)) {
            return 0;
        }
        int first = isAny ? FIRST_DYNAMIC_PORT : range.first();
        int last = isAny ? 0xFFFF : range.last();
        int port = first + gathering.random().nextInt(last - first + 1);
        int even = port - port % 2;
        return isPair && even >= first ? even : port;
    }

    void onBound(SocketId id, int port, long nowNanos) {
        BaseSocket socket = of(id);
        socket.state = BaseSocket.State.BOUND;
        socket.port = port;
        boolean isFirstOfTwo = socket.component() == 1 && gathering.options().components() == 2;
        gathering.milestones().onSocketDone(isFirstOfTwo ? 1 : 0);
        gathering.takeHost(socket, nowNanos);
        onBound.onBound(socket, nowNanos);
        if (isFirstOfTwo) {
            open(socket.base(), 2, port == 0xFFFF ? 0 : port + 1, nowNanos);
        }
    }

    void onBindFailed(SocketId id, String reason, long nowNanos) {
        BaseSocket socket = of(id);
        socket.attempts++;
        boolean isRangeTried = !isAnyPortAllowed() && socket.attempts >= MAX_ATTEMPTS;
        // Where not even the system finds a port, there is none.
        if (socket.port != 0 && !isRangeTried) {
            bind(socket, pick(socket));
            return;
        }
        socket.state = BaseSocket.State.FAILED;
        gathering.milestones().onSocketDone(0);
        GatherSource source = new GatherSource(
                GatherSource.Kind.INTERFACE, socket.base().interfaceName(), socket.local(), socket.component());
        gathering.tell(new GatherEvent.Failed(gathering.since(nowNanos), source, new GatherFailure.CannotBind(reason)));
    }

    List<BaseSocket> bound() {
        return sockets.stream().filter(BaseSocket::isBound).toList();
    }

    BaseSocket of(SocketId id) {
        return sockets.get(id.number());
    }

    /** The socket that a source belongs to. */
    Optional<SocketId> of(GatherSource source) {
        return sockets.stream()
                .filter(socket -> socket.isBound() && socket.local().equals(source.base()))
                .map(BaseSocket::id)
                .findFirst();
    }

    Optional<MappingTask> mappingTask(String service, TransportAddress base) {
        return gathering.tasks().stream()
                .filter(MappingTask.class::isInstance)
                .map(MappingTask.class::cast)
                .filter(task -> task.source().name().equals(service)
                        && task.source().base().equals(base))
                .findFirst();
    }

    Optional<RelayTask> relayTask(GatherSource source) {
        return gathering.tasks().stream()
                .filter(RelayTask.class::isInstance)
                .map(RelayTask.class::cast)
                .filter(task -> task.source().equals(source) && task.isOpen())
                .findFirst();
    }
}
