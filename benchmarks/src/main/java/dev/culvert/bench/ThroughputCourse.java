package dev.culvert.bench;

import dev.culvert.bench.Contestant.Task;
import dev.culvert.server.config.ServerConfig.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** As much as a server can do: closed loops that keep it busy. */
final class ThroughputCourse {
    private static final int BULK_CLIENTS = 8;
    private static final int BULK_WINDOW = 16;
    private static final int THIN_CLIENTS = 100;
    private static final int THIN_WINDOW = 1;

    /** For a case of a shape that has already been warmed up by another one. */
    private static final Duration SHORT_WARM_UP = Duration.ofSeconds(1);

    private ThroughputCourse() {}

    /** Binding requests: few clients with many outstanding, and many with one. */
    static List<Row> bindings(Field field) throws IOException {
        try (Arena arena = field.arena(Task.STUN)) {
            return List.of(
                    bindings("bulk", BULK_CLIENTS, BULK_WINDOW, field, arena),
                    bindings("thin", THIN_CLIENTS, THIN_WINDOW, field, arena));
        }
    }

    private static Row bindings(String name, int clients, int window, Field field, Arena arena) throws IOException {
        Generator generator = field.generator();
        Map<String, FlowLoad> loads = arena.forEach(contestant ->
                generator.call(() -> FlowLoad.bindings(generator, contestant.address(), clients, window)));
        arena.warmUp(loads, field.settings().warmUp());
        return field.told(new Row("binding", name, Row.CPU, true, arena.alternate(loads)));
    }

    /** Application data through a relay, one case after the other on the same allocations. */
    static List<Row> traffic(String shape, Task task, List<Traffic> cases, Field field) throws IOException {
        Generator generator = field.generator();
        List<Row> rows = new ArrayList<>();
        Traffic first = cases.get(0);
        try (Arena arena = field.arena(task)) {
            Map<String, Relayed> relayed = arena.forEach(contestant -> Relayed.open(
                    generator,
                    first.transport(),
                    first.transport() == Transport.TLS ? contestant.tlsAddress() : contestant.address(),
                    first.framing(),
                    first.allocations(),
                    first.allocations()));
            for (Traffic traffic : cases) {
                relayed.values().forEach(Relayed::renew);
                Map<String, FlowLoad> loads = arena.forEach(contestant -> generator.call(
                        () -> FlowLoad.traffic(generator, Relayed.of(relayed, contestant), traffic, nanos -> {})));
                arena.warmUp(loads, rows.isEmpty() ? field.settings().warmUp() : SHORT_WARM_UP);
                rows.add(field.told(new Row(shape, traffic.toString(), Row.CPU, true, arena.alternate(loads))));
            }
        }
        return rows;
    }

    /** Allocations that are made and deleted. */
    static List<Row> allocations(Field field) throws IOException {
        Generator generator = field.generator();
        try (Arena arena = field.arena(Task.TURN)) {
            Map<String, AllocateLoad> loads =
                    arena.forEach(contestant -> new AllocateLoad(generator, contestant.address()));
            // Much more code than a packet goes through, for the JVM to compile.
            arena.warmUp(loads, field.settings().warmUp().multipliedBy(4));
            return List.of(field.told(new Row("allocate", "create + delete", Row.CPU, true, arena.alternate(loads))));
        }
    }
}
