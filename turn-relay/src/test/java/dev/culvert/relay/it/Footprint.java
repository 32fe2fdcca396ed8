package dev.culvert.relay.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the system and the JVM tell of a running server. */
final class Footprint {
    private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");

    /** Of {@code /proc/net/udp}. */
    private static final int INODE_COLUMN = 9;

    private Footprint() {}

    /** How many UDP sockets it has; those of its debugging interface come and go. */
    static int descriptors(TurnServerUnderTest server) throws IOException {
        Set<String> udp = Stream.concat(udpSockets(server, "udp"), udpSockets(server, "udp6"))
                .collect(Collectors.toSet());
        try (Stream<Path> open = Files.list(process(server).resolve("fd"))) {
            return (int) open.filter(Files::isSymbolicLink)
                    .filter(descriptor -> udp.contains(target(descriptor)))
                    .count();
        }
    }

    private static Stream<String> udpSockets(TurnServerUnderTest server, String table) throws IOException {
        return Files.readAllLines(process(server).resolve("net").resolve(table)).stream()
                .skip(1)
                .map(line -> "socket:[" + line.trim().split("\\s+")[INODE_COLUMN] + "]");
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }

    private static Path process(TurnServerUnderTest server) {
        return Path.of("/proc", Long.toString(server.program().pid()));
    }

    /** Of the process, and of the objects that are in use. */
    record Memory(long residentBytes, long heapBytes) {}

    static Memory memory(TurnServerUnderTest server) throws IOException {
        String[] total = histogram(server, "Total").split(" +");
        try (Stream<String> status = Files.lines(process(server).resolve("status"))) {
            String resident =
                    status.filter(line -> line.startsWith("VmRSS:")).findFirst().orElseThrow();
            return new Memory(1024 * Long.parseLong(resident.split("\\s+")[1]), Long.parseLong(total[2]));
        }
    }

    static long instances(TurnServerUnderTest server, String name) throws IOException {
        String line = histogram(server, name + " ");
        return line.isEmpty() ? 0 : Long.parseLong(line.split(" +")[1]);
    }

    /** The line of the JVM's histogram of live objects with {@code word}; empty where there is none. */
    private static String histogram(TurnServerUnderTest server, String word) throws IOException {
        Process jcmd = new ProcessBuilder(
                        JCMD.toString(), Long.toString(server.program().pid()), "GC.class_histogram")
                .start();
        try (Stream<String> lines = jcmd.inputReader().lines()) {
            // To the end: what nobody reads holds up newer JVMs, which stand still while they write it.
            List<String> found = lines.map(line -> line.strip() + " ")
                    .filter(line -> line.contains(word))
                    .toList();
            return found.isEmpty() ? "" : found.get(0).strip();
        }
    }
}
