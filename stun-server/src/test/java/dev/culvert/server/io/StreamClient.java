package dev.culvert.server.io;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A blocking TCP or TLS connection. */
final class StreamClient implements AutoCloseable {
    private final Socket socket;

    private StreamClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(5_000);
    }

    static StreamClient connect(Transport transport, TransportAddress server) throws IOException {
        return transport == Transport.TLS
                ? tls(server, Optional.empty())
                : new StreamClient(new Socket(server.ip().toInetAddress(), server.port()));
    }

    static StreamClient connectFrom(String ip, TransportAddress server) throws IOException {
        return new StreamClient(new Socket(server.ip().toInetAddress(), server.port(), InetAddress.getByName(ip), 0));
    }

    /** A connection that trusts every certificate and indicates {@code name}. */
    static StreamClient tls(TransportAddress server, Optional<String> name) throws IOException {
        return tls(
                server,
                parameters -> name.ifPresent(host -> parameters.setServerNames(List.of(new SNIHostName(host)))));
    }

    /** A connection that offers one version of TLS with one cipher suite. */
    static StreamClient tls(TransportAddress server, String protocol, String cipherSuite) throws IOException {
        return tls(server, parameters -> {
            parameters.setProtocols(new String[] {protocol});
            parameters.setCipherSuites(new String[] {cipherSuite});
        });
    }

    /** A connection that a proxy opens with {@code header}. */
    static StreamClient proxied(Transport transport, TransportAddress server, byte[] header) throws IOException {
        Socket socket = new Socket(server.ip().toInetAddress(), server.port());
        socket.getOutputStream().write(header);
        return transport == Transport.TLS ? tls(socket, parameters -> {}) : new StreamClient(socket);
    }

    private static StreamClient tls(TransportAddress server, Consumer<SSLParameters> offer) throws IOException {
        return tls(new Socket(server.ip().toInetAddress(), server.port()), offer);
    }

    private static StreamClient tls(Socket connected, Consumer<SSLParameters> offer) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustsAll()}, null);
            SSLSocket socket = (SSLSocket) context.getSocketFactory()
                    .createSocket(connected, connected.getInetAddress().getHostAddress(), connected.getPort(), true);
            SSLParameters parameters = socket.getSSLParameters();
            offer.accept(parameters);
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(5_000);
            socket.startHandshake();
            return new StreamClient(socket);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    String certificateName() throws IOException {
        X509Certificate certificate =
                (X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0];
        return certificate.getSubjectX500Principal().getName();
    }

    TransportAddress local() {
        return TransportAddress.of((InetSocketAddress) socket.getLocalSocketAddress());
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    StunMessage receive() throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] bytes = in.readNBytes(20);
        if (bytes.length < 20) {
            throw new IOException("closed by the server");
        }
        int length = (bytes[2] & 0xFF) << 8 | (bytes[3] & 0xFF);
        bytes = Arrays.copyOf(bytes, 20 + length);
        in.readFully(bytes, 20, length);
        StunMessage message = new StunMessage();
        if (message.wrap(ByteBuffer.wrap(bytes)) != Malformation.NONE) {
            throw new AssertionError("malformed answer");
        }
        return message;
    }

    /** Says that it will send no more: in TLS 1.3 a close_notify and no FIN. */
    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Waits for the end of the stream and says whether it came before the client's patience ended. */
    boolean isClosedByServer() throws IOException {
        try {
            return socket.getInputStream().read() == -1;
        } catch (SocketException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static final class TrustsAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
