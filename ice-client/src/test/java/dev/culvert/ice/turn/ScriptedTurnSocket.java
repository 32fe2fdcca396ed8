package dev.culvert.ice.turn;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The scripted TURN server on a UDP socket of the loopback interface. Asked from the test's thread, when all is quiet. */
public final class ScriptedTurnSocket implements AutoCloseable {
    public static final LongTermCredential USER = ScriptedRealm.USER;
    public static final TransportAddress RELAYED = ScriptedTurnServer.RELAYED;

    private final ScriptedTurnServer script = new ScriptedTurnServer();
    private final DatagramSocket socket;
    private @Nullable SocketAddress client;
    private volatile boolean isSilent;

    public ScriptedTurnSocket(Vertx vertx) {
        socket = vertx.createDatagramSocket();
        socket.handler(this::onPacket).listen(0, "127.0.0.1").await();
    }

    public TransportAddress address() {
        return TransportAddress.parse("127.0.0.1:" + socket.localAddress().port())
                .orElseThrow();
    }

    /** Refuses every request of this method from now on. */
    public ScriptedTurnSocket refuse(int method, int code, Attribute... more) {
        script.refuse(method, code, more);
        return this;
    }

    /** Answers nothing any more. */
    public ScriptedTurnSocket fallSilent() {
        isSilent = true;
        return this;
    }

    /** Forgets what it has granted. */
    public void restart() {
        script.restart();
    }

    /** Brings data of a peer to the client. */
    public void sendFromPeer(TransportAddress peer, byte[] payload) {
        script.fromPeer(peer, payload, System.nanoTime()).ifPresent(this::reply);
    }

    /** What the client sent to peers, as {@code ADDRESS LENGTH}. */
    public List<String> relayed() {
        return List.copyOf(script.relayed);
    }

    public boolean hasAllocation() {
        return script.hasAllocation(System.nanoTime());
    }

    private void onPacket(DatagramPacket packet) {
        if (isSilent) {
            return;
        }
        client = packet.sender();
        Optional<ByteBuffer> answer =
                script.onPacket(ByteBuffer.wrap(packet.data().getBytes()), System.nanoTime());
        answer.ifPresent(this::reply);
    }

    private void reply(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        SocketAddress to = Objects.requireNonNull(client, "nobody has sent anything");
        socket.send(Buffer.buffer(copy), to.port(), to.host());
    }

    @Override
    public void close() {
        socket.close().await();
    }
}
