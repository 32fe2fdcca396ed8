package dev.culvert.probe;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The servers that are asked when none is named: one a line, {@code #} begins a comment. */
final class ServerList {
    private static final String BUILT_IN = "servers.txt";

    private ServerList() {}

    /** The servers in {@code file}. */
    static List<ServerArgument> in(Path file) {
        try {
            return parse(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new UsageException("servers file '" + file + "': cannot be read (" + e.getMessage()
                    + "); give a readable file with one server a line");
        }
    }

    /** The servers in the user's own list, or else in the built-in one. */
    static List<ServerArgument> standard() {
        Path own = userFile();
        return Files.isReadable(own) ? in(own) : parse(builtInText(), BUILT_IN);
    }

    /** Where the user may put a list of their own. */
    static Path userFile() {
        String configured = System.getenv("XDG_CONFIG_HOME");
        Path folder = configured == null || configured.isEmpty()
                ? Path.of(System.getProperty("user.home", "."), ".config")
                : Path.of(configured);
        return folder.resolve("culvert").resolve("servers");
    }

    static String builtInText() {
        try (InputStream in = ServerList.class.getResourceAsStream(BUILT_IN)) {
            if (in == null) {
                throw new IllegalStateException(BUILT_IN + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(BUILT_IN + " cannot be read", e);
        }
    }

    static List<ServerArgument> parse(String text, String name) {
        List<ServerArgument> servers = text.lines()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .map(ServerArgument::parse)
                .toList();
        if (servers.isEmpty()) {
            throw new UsageException("servers file '" + name + "': names no server; give one a line, as host[:port]");
        }
        return servers;
    }
}
