package dev.culvert.relay.it;

import dev.culvert.relay.core.TestedMode;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A TURN server as a process: our packaged program, or with {@code -Dculvert.it.turn-server=coturn} coturn in its place,
 * which shows whether a failure is the client's own.
 */
final class TurnServerUnderTest implements AutoCloseable {
    static final String REALM = "culvert.test";
    static final String USER = "alice";
    static final String PASSWORD = "wonderland";

    private final TurnServerOptions options;
    private final Program program;

    private TurnServerUnderTest(TurnServerOptions options, Program program) {
        this.options = options;
        this.program = program;
    }

    static boolean isOurs() {
        return !"coturn".equals(System.getProperty("culvert.it.turn-server"));
    }

    /** Starts it, and returns when it listens. */
    static TurnServerUnderTest start(TurnServerOptions options, Path folder) throws IOException {
        return isOurs() ? start(options, folder, turnRelay(options), "\nready") : startCoturn(options, folder);
    }

    /** Starts coturn, whatever is under test, and returns when it listens. */
    static TurnServerUnderTest startCoturn(TurnServerOptions options, Path folder) throws IOException {
        return start(options, folder, coturn(options), ": IO method (admin thread)");
    }

    private static TurnServerUnderTest start(
            TurnServerOptions options, Path folder, List<String> program, String readyText) throws IOException {
        List<String> command = new ArrayList<>(options.prefix());
        command.addAll(program);
        Program started = Program.start(options.launcher(), folder, "server", command);
        try {
            started.awaitText(readyText);
        } catch (AssertionError e) {
            started.close();
            throw e;
        }
        return new TurnServerUnderTest(options, started);
    }

    private static List<String> turnRelay(TurnServerOptions options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC"));
        if (Runtime.version().feature() >= 24) {
            // As bin/launch.sh does: these Javas warn on standard error otherwise.
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        command.addAll(List.of("-jar", jar()));
        options.adminPort()
                .ifPresentOrElse(
                        port -> command.addAll(List.of("--admin", "127.0.0.1:" + port)),
                        () -> command.add("--no-admin"));
        if (options.authenticates()) {
            command.addAll(List.of("--realm", REALM, "--user", USER + ":" + PASSWORD));
        }
        for (String address : options.addresses()) {
            String host = address.contains(":") ? "[" + address + "]" : address;
            command.addAll(List.of("--listen", "udp:" + host + ":" + options.port()));
            command.addAll(List.of("--listen", "tcp:" + host + ":" + options.port()));
            options.certificate()
                    .ifPresent(given -> command.addAll(List.of("--listen", "tls:" + host + ":" + options.tlsPort())));
        }
        options.certificate()
                .ifPresent(given -> command.addAll(List.of(
                        "--tls-certificate",
                        given.certificate().toString(),
                        "--tls-key",
                        given.key().toString())));
        options.relayAddresses().forEach(address -> command.addAll(List.of("--relay-address", address)));
        command.addAll(List.of("--relay-ports", options.minRelayPort() + "-" + options.maxRelayPort()));
        if (!options.more().contains("--relay-mode")) {
            command.addAll(List.of("--relay-mode", TestedMode.name()));
        }
        command.addAll(options.more());
        return command;
    }

    /** The packaged program. */
    static String jar() {
        String jar = System.getProperty("culvert.turn-relay.jar");
        if (jar == null) {
            throw new IllegalStateException("culvert.turn-relay.jar: run by mvn verify");
        }
        return jar;
    }

    private static List<String> coturn(TurnServerOptions options) {
        List<String> command =
                new ArrayList<>(List.of("turnserver", "-n", "--no-cli", "--no-dtls", "--log-file", "stdout"));
        command.addAll(List.of("--lt-cred-mech", "--realm", REALM, "--user", USER + ":" + PASSWORD));
        command.addAll(List.of("--allow-loopback-peers", "--fingerprint", "--pidfile", "/dev/null"));
        options.addresses().forEach(address -> command.addAll(List.of("--listening-ip", address)));
        (options.relayAddresses().isEmpty() ? options.addresses() : options.relayAddresses())
                .forEach(address -> command.addAll(List.of("--relay-ip", address)));
        command.addAll(List.of("-p", "" + options.port(), "--tls-listening-port", "" + options.tlsPort()));
        command.addAll(List.of("--min-port", "" + options.minRelayPort(), "--max-port", "" + options.maxRelayPort()));
        options.certificate()
                .ifPresent(given -> command.addAll(List.of(
                        "--cert",
                        given.certificate().toString(),
                        "--pkey",
                        given.key().toString())));
        return command;
    }

    /** The first address on which it listens. */
    String host() {
        return options.addresses().get(0);
    }

    int port() {
        return options.port();
    }

    int tlsPort() {
        return options.tlsPort();
    }

    /** Where it takes UDP and TCP. */
    TransportAddress address() {
        return new TransportAddress(IpAddress.parse(host()).orElseThrow(), port());
    }

    /** What its admin pages answer to GET. */
    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(admin(path)).build(), BodyHandlers.ofString());
    }

    /** A path on its admin server. */
    URI admin(String path) {
        return URI.create("http://127.0.0.1:" + options.adminPort().getAsInt() + path);
    }

    /** Sends it a signal, for example {@code HUP}. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(program.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    Program program() {
        return program;
    }

    @Override
    public void close() {
        program.close();
    }
}
