package dev.culvert.probe;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** A coturn on the loopback interface over UDP, TCP and TLS, for alice, whose password is secret. */
record CoturnProcess(Process process, int port, int tlsPort) implements AutoCloseable {
    static CoturnProcess start(Path folder, TlsFiles files) throws IOException {
        int port = freePort();
        int tlsPort = freePort();
        List<String> command = new ArrayList<>(List.of("turnserver", "-n", "--lt-cred-mech", "--no-cli", "--no-dtls"));
        command.addAll(List.of("--allow-loopback-peers", "--listening-ip", "127.0.0.1", "--relay-ip", "127.0.0.1"));
        command.addAll(List.of("--listening-port", String.valueOf(port)));
        command.addAll(List.of("--tls-listening-port", String.valueOf(tlsPort)));
        command.addAll(List.of("--cert", files.certificate(), "--pkey", files.key()));
        command.addAll(List.of("--user", "alice:secret", "--realm", "example.org", "--log-file", "stdout"));
        command.addAll(List.of("--pidfile", folder.resolve("pid").toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("coturn.log").toFile())
                .start();
        CoturnProcess coturn = new CoturnProcess(process, port, tlsPort);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .until(() -> listens(port) && listens(tlsPort));
        return coturn;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private static boolean listens(int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
            return true;
        }
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
