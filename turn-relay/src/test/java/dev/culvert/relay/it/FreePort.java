package dev.culvert.relay.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports that nobody holds. */
final class FreePort {
    private FreePort() {}

    /** A port that is free for UDP and for TCP on every address, until somebody else takes it. */
    static int pick() {
        while (true) {
            try (ServerSocket tcp = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
                int port = tcp.getLocalPort();
                if (isFreeForUdp(port)) {
                    return port;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static boolean isFreeForUdp(int port) {
        try (DatagramSocket udp = new DatagramSocket(port)) {
            return udp.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
