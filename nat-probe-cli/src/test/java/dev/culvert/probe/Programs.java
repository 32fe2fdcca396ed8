package dev.culvert.probe;

import dev.culvert.testkit.lab.LabHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** The packaged programs on hosts of a laboratory, with the flags of a launcher that wants them fast and not for long. */
final class Programs {
    static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private Programs() {}

    /** The words that start {@code nat-probe}. */
    static String[] natProbe(String... arguments) {
        return command("culvert.nat-probe.jar", List.of(arguments));
    }

    /** Starts {@code stun-server} with arguments that stand between single spaces; ready when this returns. */
    static void startStunServer(LabHost host, Path log, String arguments) {
        host.start(log, command("culvert.stun-server.jar", List.of(arguments.split(" "))));
        awaitReady(log);
    }

    /** Waits until a program has written that it is ready. */
    static void awaitReady(Path log) {
        Awaitility.await("readiness: " + log).atMost(Duration.ofSeconds(60)).until(() -> isReady(log));
    }

    private static boolean isReady(Path log) throws IOException {
        return Files.exists(log) && Files.readString(log).contains("ready");
    }

    private static String[] command(String jarProperty, List<String> arguments) {
        List<String> command = new ArrayList<>(
                List.of(JAVA, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", System.getProperty(jarProperty)));
        command.addAll(arguments);
        return command.toArray(String[]::new);
    }
}
