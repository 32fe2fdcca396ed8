package dev.culvert.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What a figure was measured on. */
final class Machine {
    /** Names of {@code slabinfo(5)}. */
    private static final Set<String> OF_UDP_SOCKET =
            Set.of("UDP", "sock_inode_cache", "filp", "dentry", "eventpoll_epi");

    private static final int SLAB_OBJECT_BYTES = 3;

    private Machine() {}

    /** Processor, cores, kernel, this JVM, and the commit of the source tree in the working directory. */
    static Map<String, String> describe() throws IOException {
        Map<String, String> machine = new LinkedHashMap<>();
        machine.put("processor", processor());
        machine.put("cores", Long.toString(cores()));
        machine.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        machine.put("java", System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version"));
        machine.put("commit", firstLine("git", "describe", "--always", "--dirty"));
        return machine;
    }

    /** Confines all threads of this process to {@code core}. */
    static void pinTo(int core) throws IOException {
        String pid = Long.toString(ProcessHandle.current().pid());
        firstLine("taskset", "-acp", Integer.toString(core), pid);
    }

    /**
     * What the kernel keeps for one UDP socket that waits in an epoll set: the socket, its inode, file, directory entry and
     * place in the set. NaN where that cannot be read, which only root may.
     */
    static double bytesOfUdpSocket() throws IOException {
        Path slabs = Path.of("/proc/slabinfo");
        if (!Files.isReadable(slabs)) {
            return Double.NaN;
        }
        return Files.readAllLines(slabs).stream()
                .map(line -> line.split(" +"))
                .filter(fields -> OF_UDP_SOCKET.contains(fields[0]))
                .mapToDouble(fields -> Double.parseDouble(fields[SLAB_OBJECT_BYTES]))
                .sum();
    }

    private static String processor() throws IOException {
        return processorInfo("model name")
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }

    /** All cores of the machine, whatever this process is confined to. */
    private static long cores() throws IOException {
        return Math.max(processorInfo("processor").count(), 1);
    }

    private static Stream<String> processorInfo(String key) throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        return Files.isReadable(info)
                ? Files.readAllLines(info).stream().filter(line -> line.startsWith(key))
                : Stream.empty();
    }

    private static String firstLine(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var output = process.inputReader(StandardCharsets.UTF_8)) {
            String line = output.readLine();
            return line == null ? "" : line;
        }
    }
}
