package dev.culvert.relay.io;

import dev.culvert.relay.core.RelayPort;
import dev.culvert.server.core.SourceAddress;
import dev.culvert.server.io.BoundUdpSocket;
import dev.culvert.server.io.UdpPort;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A relay port's socket: what peers send to it is the shard's to route. Owned by one loop's thread. */
final class RelaySocket extends RelayPort implements UdpPort.Receiver {
    private final BoundUdpSocket bound;
    private @Nullable Started started;

    /** What it has once it receives. */
    private record Started(RelayShard shard, UdpPort port) {}

    RelaySocket(BoundUdpSocket bound) {
        this.bound = bound;
    }

    @Override
    public TransportAddress local() {
        return bound.local();
    }

    /** Receives from now on, on the loop of {@code shard}. */
    void start(RelayShard shard) {
        started = new Started(shard, shard.loop().start(bound, this));
    }

    void close() {
        Started running = started;
        if (running == null) {
            bound.close();
            return;
        }
        running.port.close();
    }

    UdpPort port() {
        Started running = started;
        if (running == null) {
            throw new IllegalStateException("not started: " + local());
        }
        return running.port;
    }

    @Override
    public void onDatagram(UdpPort port, ByteBuffer bytes, int offset, int lengthBytes, SourceAddress source) {
        Started running = started;
        if (running != null) {
            running.shard.onPeerData(this, source, bytes, offset, lengthBytes);
        }
    }

    @Override
    public void onIcmp(UdpPort port, SourceAddress destination, int icmpType, int code, long mtu) {
        Started running = started;
        if (running != null) {
            running.shard.icmpReports().report(this, destination, icmpType, code, mtu);
        }
    }

    @Override
    public void onFailure(UdpPort port, Throwable cause) {
        Started running = started;
        if (running != null) {
            running.shard.onPeerFailure(port, cause);
        }
    }
}
