package dev.culvert.relay.io;

import dev.culvert.stun.TransportAddress;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** An {@link AllocationLoad} in a process of its own, which has file descriptors of its own. */
final class AllocationLoadProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter words;

    AllocationLoadProcess(TransportAddress server, String user, String password, int clients, TransportAddress peer)
            throws IOException {
        process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        AllocationLoad.class.getName(),
                        server.toString(),
                        user,
                        password,
                        Integer.toString(clients),
                        peer.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = process.inputReader();
        words = process.outputWriter();
    }

    /** How many clients have done what {@code word} says. */
    int tell(String word) throws IOException {
        words.write(word + "\n");
        words.flush();
        String answer = answers.readLine();
        if (answer == null || !answer.startsWith(word + " ")) {
            throw new IOException("asked to " + word + ", the clients said: " + answer);
        }
        return Integer.parseInt(answer.substring(word.length() + 1));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
