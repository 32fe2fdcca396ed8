package dev.culvert.ice.turn;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** A coturn on the loopback interface, for one user, that relays to the loopback interface. */
public final class Coturn implements AutoCloseable {
    public static final LongTermCredential USER = new LongTermCredential("alice", "wonderland");

    private final Process process;
    private final InetSocketAddress address;
    private final int tlsPort;

    private Coturn(Process process, InetSocketAddress address, int tlsPort) {
        this.process = process;
        this.address = address;
        this.tlsPort = tlsPort;
    }

    /** Over UDP and TCP. */
    public static Coturn start(Path folder, String... more) throws IOException {
        List<String> options = new ArrayList<>(List.of("--no-tls"));
        options.addAll(List.of(more));
        return start(folder, 0, options);
    }

    /** Over UDP, TCP and TLS. */
    public static Coturn startWithTls(Path folder, Path certificate, Path key) throws IOException {
        int tlsPort = freePort(InetAddress.getByName("127.0.0.1"));
        List<String> options = new ArrayList<>(List.of("--tls-listening-port", String.valueOf(tlsPort)));
        options.addAll(List.of("--cert", certificate.toString(), "--pkey", key.toString()));
        return start(folder, tlsPort, options);
    }

    private static Coturn start(Path folder, int tlsPort, List<String> more) throws IOException {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        InetSocketAddress address = new InetSocketAddress(loopback, freePort(loopback));
        List<String> command = new ArrayList<>(List.of("turnserver", "-n", "--lt-cred-mech", "--no-cli"));
        command.addAll(List.of("--no-dtls", "--fingerprint", "--allow-loopback-peers"));
        command.addAll(List.of("--listening-ip", "127.0.0.1", "--relay-ip", "127.0.0.1"));
        command.addAll(List.of("--listening-port", String.valueOf(address.getPort())));
        command.addAll(List.of("--user", USER.username() + ":" + USER.password(), "--realm", "example.org"));
        command.addAll(List.of("--pidfile", folder.resolve("pid").toString(), "--log-file", "stdout"));
        command.addAll(more);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("coturn.log").toFile())
                .start();
        Coturn coturn = new Coturn(process, address, tlsPort);
        coturn.awaitListening();
        return coturn;
    }

    private static int freePort(InetAddress address) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, address)) {
            return socket.getLocalPort();
        }
    }

    /** It takes TCP connections as soon as it takes datagrams, and TCP tells. */
    private void awaitListening() {
        Awaitility.await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
            try (LoopbackTurn probe = LoopbackTurn.overTcp(address, USER)) {
                return probe.events.isEmpty();
            }
        });
    }

    public InetSocketAddress address() {
        return address;
    }

    public InetSocketAddress tlsAddress() {
        return new InetSocketAddress(address.getAddress(), tlsPort);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
