package dev.culvert.relay.it;

import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The clients written in Python, for Debian's own interpreter with its packages. */
final class Scripts {
    private static final String PYTHON = "/usr/bin/python3";
    private static final List<String> FILES =
            List.of("peers.py", "ice_peer.py", "rtc_peer.py", "turn_client.py", "echo_peer.py");

    private final Path folder;

    private Scripts(Path folder) {
        this.folder = folder;
    }

    /** Requires {@code modules}, and puts the scripts into {@code folder}. */
    static Scripts in(Path folder, String... modules) throws IOException, InterruptedException {
        Requirements.that(Files.isExecutable(Path.of(PYTHON)), "needs " + PYTHON);
        for (String module : modules) {
            Process probe = Launcher.HERE.start(folder.resolve("probe.log"), PYTHON, "-c", "import " + module);
            Requirements.that(probe.waitFor() == 0, "needs " + module + " for Debian's python3");
        }
        for (String file : FILES) {
            copy(file, folder);
        }
        return new Scripts(folder);
    }

    /** Puts one of this package's resources into {@code folder}. */
    static Path copy(String resource, Path folder) throws IOException {
        Path file = folder.resolve(resource);
        try (InputStream in = Scripts.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + resource);
            }
            Files.write(file, in.readAllBytes());
        }
        return file;
    }

    /** Runs a script with {@code words} before it (such as {@code env} with variables) and arguments after it. */
    Program start(Launcher launcher, List<String> words, String script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(words);
        command.add(PYTHON);
        command.add(folder.resolve(script).toString());
        command.addAll(List.of(arguments));
        return Program.start(launcher, folder, script, command);
    }
}
