package dev.culvert.bench;

import dev.culvert.bench.Contestant.Task;
import dev.culvert.bench.MeasuredServer.CpuTimes;
import dev.culvert.bench.Tally.Count;
import dev.culvert.stun.TransportAddress;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The servers of one shape, all running on the same core: while one has the load, the others do nothing, so that short
 * rounds can alternate between them.
 */
final class Arena implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    /** Until a load runs evenly, and until what is on its way has arrived. */
    private static final Duration SETTLING = Duration.ofMillis(300);

    private final Generator generator;
    private final Settings settings;
    private final List<Entrant> entrants = new ArrayList<>();

    /** A server that runs. */
    record Entrant(Contestant contestant, MeasuredServer server) {
        String name() {
            return contestant.name();
        }
    }

    private Arena(Generator generator, Settings settings) {
        this.generator = generator;
        this.settings = settings;
    }

    /** Starts all servers, and waits until they answer. */
    static Arena open(
            Generator generator, Settings settings, List<Contestant> contestants, Task task, Certificate certificate)
            throws IOException {
        Arena arena = new Arena(generator, settings);
        try {
            for (Contestant contestant : contestants) {
                requireFree(contestant.address());
                List<String> command = contestant.command(task, certificate);
                MeasuredServer server = MeasuredServer.start(
                        command, contestant.environment(), settings.serverCore(), settings.scratch());
                arena.entrants.add(new Entrant(contestant, server));
                arena.awaitAnswer(contestant, server);
                if (task == Task.TURN_STREAMS) {
                    arena.awaitStreams(contestant, server);
                }
            }
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
        return arena;
    }

    /** coturn takes a port that another one has, and then half of the traffic goes there. */
    private static void requireFree(TransportAddress address) throws IOException {
        try (DatagramSocket probe = new DatagramSocket(address.toInetSocketAddress())) {
            probe.setReuseAddress(false);
        } catch (SocketException e) {
            throw new IOException("udp " + address + " cannot be had; end what has it: " + e.getMessage(), e);
        }
    }

    /** A launcher may have to build its program first. */
    private void awaitAnswer(Contestant contestant, MeasuredServer server) throws IOException {
        long startNanos = System.nanoTime();
        while (!generator.isAnswered(contestant.address())) {
            if (!server.isAlive() || System.nanoTime() - startNanos > START_LIMIT.toNanos()) {
                throw new IOException(contestant.name() + " does not answer: " + server.printed());
            }
        }
    }

    private void awaitStreams(Contestant contestant, MeasuredServer server) throws IOException {
        for (TransportAddress address : List.of(contestant.address(), contestant.tlsAddress())) {
            long startNanos = System.nanoTime();
            while (!isConnectable(address)) {
                if (!server.isAlive() || System.nanoTime() - startNanos > START_LIMIT.toNanos()) {
                    throw new IOException(contestant.name() + " takes no connection: " + server.printed());
                }
                pause(SETTLING);
            }
        }
    }

    private static boolean isConnectable(TransportAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address.toInetSocketAddress());
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    List<Entrant> entrants() {
        return entrants;
    }

    /** Makes one load for every server, by contestant. */
    <T> Map<String, T> forEach(Function<Contestant, T> maker) {
        Map<String, T> made = new LinkedHashMap<>();
        entrants.forEach(entrant -> made.put(entrant.name(), maker.apply(entrant.contestant())));
        return made;
    }

    /** Measures all rounds of one case, the servers in turn; the CPU seconds of a million packets. */
    Map<String, List<Sample>> alternate(Map<String, ? extends Load> loads) throws IOException {
        return alternate(entrant -> measure(entrant, load(loads, entrant)));
    }

    /** What measures one round of one server. */
    @FunctionalInterface
    interface Round<T> {
        T of(Entrant entrant) throws IOException;
    }

    /** Runs all rounds of one case, the servers in turn. */
    <T> Map<String, List<T>> alternate(Round<T> round) throws IOException {
        Map<String, List<T>> samples = new LinkedHashMap<>();
        for (int i = 0; i < settings.rounds(); i++) {
            for (Entrant entrant : entrants) {
                samples.computeIfAbsent(entrant.name(), name -> new ArrayList<>())
                        .add(round.of(entrant));
            }
        }
        return samples;
    }

    /** Lets every server work for {@code time} without measuring it. */
    void warmUp(Map<String, ? extends Load> loads, Duration time) {
        for (Entrant entrant : entrants) {
            generator.start(load(loads, entrant));
            pause(time);
            generator.stop();
            pause(SETTLING);
        }
    }

    /** One round of one server. */
    Sample measure(Entrant entrant, Load load) throws IOException {
        generator.start(load);
        pause(SETTLING);
        Count countBefore = generator.call(() -> load.tally().count());
        long startNanos = System.nanoTime();
        CpuTimes cpuBefore = entrant.server.cpuTimes();
        long generatorBefore = generator.cpuNanos();
        pause(settings.measured());
        Count counted = generator.call(() -> load.tally().count()).since(countBefore);
        double cpuSeconds = entrant.server.cpuTimes().secondsSince(cpuBefore);
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        double generatorSeconds = (generator.cpuNanos() - generatorBefore) / 1e9;
        generator.stop();
        pause(SETTLING);
        if (counted.delivered() == 0) {
            throw new IOException(counted.faults() + ": nothing came through " + entrant.name() + "; it printed: "
                    + entrant.server.printed());
        }
        return new Sample(
                cpuSeconds / counted.delivered() * 1e6,
                counted.delivered() / seconds,
                cpuSeconds / seconds,
                generatorSeconds / seconds,
                counted);
    }

    private static Load load(Map<String, ? extends Load> loads, Entrant entrant) {
        Load load = loads.get(entrant.name());
        if (load == null) {
            throw new IllegalArgumentException("no load for " + entrant.name());
        }
        return load;
    }

    static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        entrants.forEach(entrant -> entrant.server.close());
        generator.call(() -> {
            generator.inlets().forgetFlows();
            return true;
        });
    }
}
