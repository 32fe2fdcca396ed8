package dev.culvert.testkit;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/**
 * What a test needs of the machine beyond a JVM, stated as its first lines.
 *
 * <p>Where something is missing, one line says so on standard output and the test is skipped. With the environment
 * variable {@code TESTS_REQUIRE_ALL=true}, on machines that shall run everything, it fails instead.
 *
 * <pre>{@code
 * Requirements.root();
 * Requirements.command("nft");
 * }</pre>
 */
public final class Requirements {
    private static final String REQUIRE_ALL = "TESTS_REQUIRE_ALL";

    private Requirements() {}

    /** The user is root. */
    public static void root() {
        that(isRoot(), "needs root");
    }

    /** Root may make network namespaces; in many containers it may not. */
    public static void networkNamespaces() {
        root();
        command("unshare");
        that(succeeds("unshare", "-n", "-m", "true"), "needs the right to make network namespaces");
    }

    /** A program of that name is on the PATH. */
    public static void command(String name) {
        that(isOnPath(name), "needs the command " + name);
    }

    /** The JVM is of that release or a newer one. */
    public static void jdk(int feature) {
        that(Runtime.version().feature() >= feature, "needs a JDK " + feature);
    }

    /** The system is Linux. */
    public static void linux() {
        that(System.getProperty("os.name").equals("Linux"), "needs Linux");
    }

    /** The loopback interface has IPv6. */
    public static void ipv6() {
        that(bindsTo("::1"), "needs IPv6 on the loopback interface");
    }

    /**
     * Something else is there.
     *
     * @param why what is needed, for example {@code needs a kernel with netem}
     */
    public static void that(boolean met, String why) {
        that(met, why, Boolean.parseBoolean(System.getenv(REQUIRE_ALL)), System.out);
    }

    static void that(boolean met, String why, boolean requireAll, PrintStream out) {
        if (met) {
            return;
        }
        if (requireAll) {
            throw new AssertionFailedError(why + ", and " + REQUIRE_ALL + " is set");
        }
        out.println("skipped: " + why);
        throw new TestAbortedException(why);
    }

    static boolean isOnPath(String command) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(path.split(File.pathSeparator))
                .map(folder -> Path.of(folder, command))
                .anyMatch(Files::isExecutable);
    }

    private static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return "root".equals(System.getProperty("user.name"));
        }
    }

    private static boolean bindsTo(String address) {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address, 0))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean succeeds(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean ended = process.waitFor(10, TimeUnit.SECONDS);
            process.destroyForcibly();
            return ended && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
