package dev.culvert.bench;

import dev.culvert.bench.Contestant.Task;
import dev.culvert.bench.Tally.Count;
import dev.culvert.server.io.UdpPort;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What allocations cost that do nothing. */
final class IdleCourse {
    /** Made and deleted first, so that what a server loads and compiles once is not counted. */
    private static final int WARM_UP_ALLOCATIONS = 1_000;

    /** 127.128.0.0 and all behind it. */
    private static final int UNHEARD_PEERS = 0x7F80_0000;

    private static final int DISCARD_PORT = 9;
    private static final int ROUNDS = 3;
    private static final Duration REST = Duration.ofSeconds(3);

    private IdleCourse() {}

    /** A round of one server. */
    private record Memory(double residentBytes, double kernelBytes) {}

    /** Bytes per allocation with a permission and a channel; a fresh server in each round. */
    static List<Row> memory(Field field) throws IOException {
        Map<String, List<Sample>> resident = new LinkedHashMap<>();
        Map<String, List<Sample>> kernel = new LinkedHashMap<>();
        Map<String, List<Sample>> both = new LinkedHashMap<>();
        for (int round = 0; round < Math.min(ROUNDS, field.settings().rounds()); round++) {
            for (Contestant contestant : field.contestants()) {
                Memory memory = measure(contestant, field);
                add(resident, contestant, memory.residentBytes);
                add(kernel, contestant, memory.kernelBytes);
                add(both, contestant, memory.residentBytes + memory.kernelBytes);
            }
        }
        String unit = "B per allocation";
        return List.of(
                field.told(new Row("idle", "resident", unit, false, resident)),
                field.told(new Row("idle", "kernel sockets", unit, false, kernel)),
                field.told(new Row("idle", "both", unit, false, both)));
    }

    private static void add(Map<String, List<Sample>> samples, Contestant contestant, double bytes) {
        Count nothing = new Tally().count();
        samples.computeIfAbsent(contestant.name(), name -> new ArrayList<>()).add(new Sample(bytes, 0, 0, 0, nothing));
    }

    private static Memory measure(Contestant contestant, Field field) throws IOException {
        Generator generator = field.generator();
        int count = field.settings().idleAllocations();
        try (Arena arena = field.arena(Task.TURN, List.of(contestant))) {
            MeasuredServer server = arena.entrants().get(0).server();
            open(contestant, WARM_UP_ALLOCATIONS, generator, TurnSession::delete);
            Arena.pause(REST);
            long residentBefore = server.residentBytes();
            long socketsBefore = server.sockets();
            open(contestant, count, generator, session -> Future.succeededFuture());
            Arena.pause(REST);
            double residentBytes = (double) (server.residentBytes() - residentBefore) / count;
            double sockets = (double) (server.sockets() - socketsBefore) / count;
            return new Memory(residentBytes, sockets * Machine.bytesOfUdpSocket());
        }
    }

    /** Makes allocations, each with a channel; their clients' sockets close, or descriptors would run out here first. */
    private static void open(
            Contestant contestant, int count, Generator generator, Function<TurnSession, Future<Void>> last) {
        generator.await(() -> Relayed.inTurn(count, index -> {
            UdpPort client = generator.sockets().freshClient();
            TurnSession session = new TurnSession(
                    generator.transactions(), new UdpWire(generator.sockets(), client, contestant.address()));
            // An address for each: allocations on shared ports are told apart by it.
            TransportAddress peer = new TransportAddress(IpAddress.v4(UNHEARD_PEERS + index), DISCARD_PORT);
            return session.allocate()
                    .compose(done -> session.bind(Relayed.CHANNEL, peer))
                    .compose(done -> last.apply(session))
                    .eventually(() -> client.close());
        }));
    }
}
