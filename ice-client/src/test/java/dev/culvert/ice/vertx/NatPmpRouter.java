package dev.culvert.ice.vertx;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.datagram.DatagramSocketOptions;
import java.util.function.Consumer;

/** A router on an address of the loopback interface that grants every mapping, at the external port that is suggested. */
public final class NatPmpRouter {
    private static final int PORT = 5351;
    private static final byte[] EXTERNAL = {(byte) 198, 51, 100, 9};

    private NatPmpRouter() {}

    /**
     * Begins to answer.
     *
     * @param onRemoved told the internal port of each mapping that is removed
     */
    public static Future<DatagramSocket> start(Vertx vertx, String address, Consumer<String> onRemoved) {
        DatagramSocket socket = vertx.createDatagramSocket(new DatagramSocketOptions());
        socket.handler(packet -> {
            Buffer request = packet.data();
            if (request.getByte(0) != 0) {
                return;
            }
            Buffer answer = Buffer.buffer().appendByte((byte) 0).appendByte((byte) (request.getByte(1) | 0x80));
            answer.appendShort((short) 0).appendInt(77);
            if (request.getByte(1) == 0) {
                answer.appendBytes(EXTERNAL);
            } else {
                if (request.getInt(8) == 0) {
                    onRemoved.accept(Integer.toString(request.getUnsignedShort(4)));
                }
                answer.appendBuffer(request.getBuffer(4, 12));
            }
            socket.send(answer, packet.sender().port(), packet.sender().hostAddress());
        });
        return socket.listen(PORT, address);
    }
}
