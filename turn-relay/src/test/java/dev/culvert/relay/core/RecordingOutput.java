package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.auth.Authentication.NeedCredential;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.core.SourceAddress;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Notes what a relay does. */
final class RecordingOutput implements RelayOutput {
    final Deque<Sent> sent = new ArrayDeque<>();
    final List<RelayEvent> events = new ArrayList<>();
    final List<NeedCredential> needed = new ArrayList<>();

    /** The sockets that receive on this thread, by the address that they are bound to. */
    final Map<TransportAddress, RelayPort> started = new LinkedHashMap<>();

    boolean canForbidFragments;
    private final Machine machine;

    private record Handle(FiveTuple flow) implements ClientHandle {}

    RecordingOutput(Machine machine) {
        this.machine = machine;
    }

    @Override
    public void reply(FiveTuple flow, ByteBuffer message) {
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        sent.add(new Sent.Reply(flow, bytes));
    }

    @Override
    public void sendToPeer(
            RelayPort relay,
            TransportAddress peer,
            ByteBuffer bytes,
            int offset,
            int lengthBytes,
            boolean dontFragment) {
        byte[] data = new byte[lengthBytes];
        bytes.get(offset, data);
        sent.add(new Sent.ToPeer(relay.local(), peer, new String(data, StandardCharsets.UTF_8), dontFragment));
    }

    @Override
    public void sendToClient(Route route, SourceAddress peer, ByteBuffer bytes, int offset, int lengthBytes) {
        byte[] data = new byte[lengthBytes];
        bytes.get(offset, data);
        assertThat(((Handle) route.handle()).flow()).isEqualTo(route.client());
        sent.add(new Sent.ToClient(
                route.client(), route.channel(), peer.toTransportAddress(), new String(data, StandardCharsets.UTF_8)));
    }

    @Override
    public boolean canForbidFragments() {
        return canForbidFragments;
    }

    @Override
    public RelayOpening openRelay(TransportAddress local) {
        return machine.bind(local);
    }

    @Override
    public ClientHandle attach(FiveTuple client) {
        return new Handle(client);
    }

    @Override
    public void startRelay(RelayPort relay) {
        started.put(relay.local(), relay);
    }

    @Override
    public void closeRelay(RelayPort relay) {
        started.remove(relay.local());
        machine.close(relay);
    }

    @Override
    public void needCredential(NeedCredential need) {
        needed.add(need);
    }

    @Override
    public void onEvent(RelayEvent event) {
        events.add(event);
    }
}
