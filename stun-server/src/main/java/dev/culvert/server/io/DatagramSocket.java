package dev.culvert.server.io;

import dev.culvert.server.io.BoundUdpSocket.PortTakenException;
import dev.culvert.stun.TransportAddress;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.Socket;
import java.io.IOException;

/** A non-blocking UDP socket of one address family; Netty's own are of both. */
final class DatagramSocket extends Socket {
    /** What Linux answers where somebody else has the port. */
    private static final int EADDRINUSE = 98;

    private DatagramSocket(int descriptor) {
        super(descriptor);
    }

    /**
     * Opens a socket and binds it to {@code local}.
     *
     * @param shared whether others of this process may have the port too, and share its traffic
     * @throws PortTakenException where somebody has the port
     */
    static DatagramSocket bind(TransportAddress local, boolean shared) throws IOException {
        DatagramSocket socket = open(local);
        try {
            if (shared) {
                socket.setReusePort(true);
            }
            socket.bind(local.toInetSocketAddress());
            return socket;
        } catch (NativeIoException e) {
            socket.close();
            throw e.expectedErr() == -EADDRINUSE ? new PortTakenException(local, e) : e;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static DatagramSocket open(TransportAddress local) throws IOException {
        try {
            return new DatagramSocket(
                    newSocketDgram0(local.ip().isIpv4() ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6));
        } catch (RuntimeException e) {
            // Netty wraps the want of file descriptors in an unchecked exception.
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
