package dev.culvert.ice.turn;

import dev.culvert.stun.Malformation;
import dev.culvert.stun.StreamFrames;
import dev.culvert.stun.TransportAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/** A client on a real socket to a server on the loopback interface, driven by whoever waits for something. */
final class LoopbackTurn implements TurnOutput, AutoCloseable {
    final TurnClient client;
    final List<TurnEvent> events = new ArrayList<>();
    final List<String> data = new ArrayList<>();
    int transmitted;

    private final ByteChannel channel;
    private final ByteBuffer incoming = ByteBuffer.allocate(0x10000);
    private final StreamFrames frames = new StreamFrames(0x10000);
    private final boolean isStream;

    private LoopbackTurn(ByteChannel channel, TurnClient client, boolean isStream) {
        this.channel = channel;
        this.client = client;
        this.isStream = isStream;
    }

    static LoopbackTurn overUdp(InetSocketAddress server, LongTermCredential credential) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.connect(server).configureBlocking(false);
        return new LoopbackTurn(channel, client(server, TurnClient.Transport.DATAGRAM, credential), false);
    }

    static LoopbackTurn overTcp(InetSocketAddress server, LongTermCredential credential) throws IOException {
        SocketChannel channel = SocketChannel.open(server);
        channel.configureBlocking(false);
        return new LoopbackTurn(channel, client(server, TurnClient.Transport.STREAM, credential), true);
    }

    private static TurnClient client(
            InetSocketAddress server, TurnClient.Transport transport, LongTermCredential credential) {
        return new TurnClient(TransportAddress.of(server), transport, credential, new SecureRandom());
    }

    LoopbackTurn allocate(AllocateOptions options) {
        client.allocate(options, System.nanoTime(), this);
        await(() -> !events.isEmpty());
        return this;
    }

    TransportAddress relayed() {
        return client.relayed().get(0);
    }

    void permit(TransportAddress peer) {
        client.permit(peer.ip(), System.nanoTime(), this);
        await(() -> events.contains(new TurnEvent.PermissionInstalled(peer.ip())));
    }

    void bindChannel(TransportAddress peer) {
        client.bindChannel(peer, System.nanoTime(), this);
        await(() -> events.stream().anyMatch(TurnEvent.ChannelBound.class::isInstance));
    }

    void send(TransportAddress peer, String text) {
        client.send(peer, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), this);
    }

    void awaitData(TransportAddress from, String text) {
        await(() -> data.contains(from + " " + text));
    }

    void await(BooleanSupplier condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    pump();
                    return condition.getAsBoolean();
                });
    }

    private void pump() throws IOException {
        while (channel.read(incoming.clear()) > 0) {
            incoming.flip();
            if (!isStream) {
                client.onPacket(incoming, 0, incoming.limit(), System.nanoTime(), this);
            } else if (frames.feed(incoming, this::onFrame) != Malformation.NONE) {
                throw new IOException("the server's stream is broken");
            }
        }
        client.onTimeout(System.nanoTime(), this);
    }

    private void onFrame(ByteBuffer buffer, int offset, int lengthBytes) {
        client.onPacket(buffer, offset, lengthBytes, System.nanoTime(), this);
    }

    @Override
    public void transmit(ByteBuffer message) {
        transmitted++;
        write(message);
    }

    @Override
    public void transmit(ByteBuffer header, ByteBuffer payload, int paddingBytes) {
        ByteBuffer whole = ByteBuffer.allocate(header.remaining() + payload.remaining() + paddingBytes);
        write(whole.put(header).put(payload).clear());
    }

    private void write(ByteBuffer packet) {
        try {
            channel.write(packet);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void onData(TransportAddress peer, ByteBuffer buffer, int offset, int lengthBytes) {
        byte[] payload = new byte[lengthBytes];
        buffer.get(offset, payload);
        data.add(peer + " " + new String(payload, StandardCharsets.UTF_8));
    }

    @Override
    public void onEvent(TurnEvent event) {
        events.add(event);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
