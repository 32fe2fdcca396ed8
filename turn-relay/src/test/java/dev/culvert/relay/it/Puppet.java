package dev.culvert.relay.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Java program of these tests on a host of a laboratory: it does what it is told, and says of each order what came of it. */
final class Puppet implements AutoCloseable {
    private static final String DONE = "done ";

    private final Program program;
    private int lines;

    /** What a puppet can do. */
    interface Trade {
        /** Does what one order says, and returns one word. */
        String obey(String[] order) throws IOException;
    }

    private Puppet(Program program) {
        this.program = program;
    }

    /** Starts the {@code main} of a class that calls {@link #obey}. */
    static Puppet start(Launcher launcher, Path folder, Class<?> main, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m"));
        command.addAll(List.of("-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return new Puppet(Program.start(launcher, folder, main.getSimpleName(), command));
    }

    /** Gives orders, and returns a word about each. */
    List<String> tell(List<String> orders) throws IOException {
        program.tell(String.join(";", orders));
        lines++;
        return List.of(program.awaitLines(DONE, lines).get(lines - 1).split(" "));
    }

    /** Gives one order, and returns the word about it. */
    String tell(String order) throws IOException {
        return tell(List.of(order)).get(0);
    }

    /** In the puppet's own process: obeys each line on standard input. */
    static void obey(Trade trade) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            List<String> words = new ArrayList<>();
            for (String order : line.split(";")) {
                words.add(trade.obey(order.strip().split(" ")));
            }
            System.out.println(DONE + String.join(" ", words));
        }
    }

    @Override
    public String toString() {
        return program.toString();
    }

    @Override
    public void close() {
        program.close();
    }
}
