package dev.culvert.ice.gather;

import dev.culvert.ice.turn.ScriptedRealm;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.EvenPort;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.ReservationToken;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.stun.attribute.XorRelayedAddress;
import dev.culvert.testkit.net.SimulatedHost;
import dev.culvert.testkit.net.SimulatedSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A STUN and TURN server for any number of clients on a simulated host. It relays nothing. */
final class SimulatedServer {
    static final int PORT = 3478;

    final List<String> seen = new ArrayList<>();
    final List<Attribute> refusal = new ArrayList<>();
    final List<Attribute> granted = new ArrayList<>();
    boolean refusesEvenPort;

    private final ScriptedRealm realm = new ScriptedRealm();
    private final SimulatedSocket socket;
    private final Map<TransportAddress, TransportAddress> allocations = new HashMap<>();
    private final Map<TransactionId, ByteBuffer> answered = new HashMap<>();
    private final Map<Long, Integer> reserved = new HashMap<>();
    private int nextPort = 50_001;

    SimulatedServer(SimulatedHost host) {
        socket = host.open(PORT);
        socket.onDatagram((local, remote, payload, nowNanos) -> onDatagram(local, remote, payload));
    }

    int allocations() {
        return allocations.size();
    }

    private void onDatagram(InetSocketAddress local, InetSocketAddress remote, ByteBuffer payload) {
        StunMessage request = new StunMessage();
        request.wrap(payload);
        TransportAddress client = TransportAddress.of(remote);
        ByteBuffer answer = answered.computeIfAbsent(
                request.transactionId(), fresh -> answer(request, TransportAddress.of(local), client));
        byte[] bytes = new byte[answer.remaining()];
        answer.duplicate().get(bytes);
        socket.send(local.getAddress(), remote, bytes);
    }

    private ByteBuffer answer(StunMessage request, TransportAddress local, TransportAddress client) {
        seen.add(StunMethod.name(request.method()) + " " + client);
        if (request.method() == StunMethod.BINDING) {
            return ScriptedRealm.unsigned(
                    request, MessageClass.SUCCESS_RESPONSE, List.of(new XorMappedAddress(client)));
        }
        Optional<ByteBuffer> challenge = realm.check(request);
        if (challenge.isPresent()) {
            return challenge.get();
        }
        if (!refusal.isEmpty()) {
            return realm.reply(request, MessageClass.ERROR_RESPONSE, refusal);
        }
        return request.method() == StunMethod.ALLOCATE ? allocate(request, local, client) : other(request, client);
    }

    private ByteBuffer other(StunMessage request, TransportAddress client) {
        long seconds = request.get(Lifetime.TYPE).map(Lifetime::seconds).orElse(600L);
        if (request.method() == StunMethod.REFRESH && seconds == 0) {
            allocations.remove(client);
        }
        return realm.reply(request, MessageClass.SUCCESS_RESPONSE, List.of(new Lifetime(seconds)));
    }

    private ByteBuffer allocate(StunMessage request, TransportAddress local, TransportAddress client) {
        if (allocations.containsKey(client)) {
            return realm.reply(request, MessageClass.ERROR_RESPONSE, List.of(ErrorCode.of(437)));
        }
        Optional<EvenPort> even = request.get(EvenPort.TYPE);
        if (even.isPresent() && refusesEvenPort) {
            return realm.reply(request, MessageClass.ERROR_RESPONSE, List.of(ErrorCode.of(508)));
        }
        List<Attribute> answer = new ArrayList<>();
        int port = request.get(ReservationToken.TYPE)
                .map(token -> reserved.get(token.token()))
                .orElseGet(() -> even.isPresent() ? nextEven() : nextPort++);
        if (even.isPresent()) {
            long token = 7000L + port;
            reserved.put(token, port + 1);
            nextPort = port + 2;
            answer.add(new ReservationToken(token));
        }
        TransportAddress relayed = new TransportAddress(local.ip(), port);
        allocations.put(client, relayed);
        answer.add(new XorRelayedAddress(relayed));
        answer.add(new XorMappedAddress(client));
        answer.add(new Lifetime(600));
        answer.addAll(granted);
        return realm.reply(request, MessageClass.SUCCESS_RESPONSE, answer);
    }

    private int nextEven() {
        return nextPort + nextPort % 2;
    }
}
