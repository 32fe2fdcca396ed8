package dev.culvert.ice.examples;

import dev.culvert.ice.turn.AllocateOptions;
import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.turn.TurnClient;
import dev.culvert.ice.turn.TurnEvent;
import dev.culvert.ice.turn.TurnOutput;
import dev.culvert.stun.TransportAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/** Drives a TURN client with a channel of the JDK, which is connected to the server and does not block. */
final class RelayByHand implements TurnOutput {
    final TurnClient client;
    final List<String> received = new ArrayList<>();

    private final DatagramChannel channel;
    private final TransportAddress server;
    private final List<TurnEvent> events = new ArrayList<>();
    private final ByteBuffer incoming = ByteBuffer.allocate(0x10000);

    RelayByHand(DatagramChannel channel, TransportAddress server, LongTermCredential user) {
        this.channel = channel;
        this.server = server;
        client = new TurnClient(server, TurnClient.Transport.DATAGRAM, user, new SecureRandom());
    }

    void relay(TransportAddress peer, ByteBuffer payload) throws IOException {
        TurnOutput out = this;
        client.allocate(AllocateOptions.defaults(), System.nanoTime(), out);
        driveUntil(TurnEvent.Allocated.class);
        client.permit(peer.ip(), System.nanoTime(), out);
        driveUntil(TurnEvent.PermissionInstalled.class);
        client.send(peer, payload, out);
    }

    private void driveUntil(Class<? extends TurnEvent> wanted) throws IOException {
        while (events.stream().noneMatch(wanted::isInstance)) {
            drive();
        }
    }

    /** Does what is due now. */
    void drive() throws IOException {
        if (channel.read(incoming.clear()) > 0) {
            client.onPacket(server, incoming.flip(), System.nanoTime(), this);
        }
        client.onTimeout(System.nanoTime(), this);
    }

    @Override
    public void transmit(ByteBuffer message) {
        try {
            channel.write(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void transmit(ByteBuffer header, ByteBuffer payload, int paddingBytes) {
        ByteBuffer whole = ByteBuffer.allocate(header.remaining() + payload.remaining() + paddingBytes);
        transmit(whole.put(header).put(payload.duplicate()).clear());
    }

    @Override
    public void onData(TransportAddress peer, ByteBuffer buffer, int offset, int lengthBytes) {
        received.add(
                StandardCharsets.UTF_8.decode(buffer.slice(offset, lengthBytes)).toString());
    }

    @Override
    public void onEvent(TurnEvent event) {
        events.add(event);
    }
}
