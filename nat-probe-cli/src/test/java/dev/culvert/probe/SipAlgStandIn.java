package dev.culvert.probe;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A SIP ALG of the bad kind, as a program on the router, to which nftables redirects what goes to port 5060. Its arguments:
 * the port that it listens on, the server, the router's outside address, and its {@link Mode}.
 */
public final class SipAlgStandIn {
    private static final int MAX_BYTES = 65_536;

    private final int port;
    private final InetSocketAddress server;
    private final String outside;
    private final Mode mode;

    /** What it does to a request. */
    public enum Mode {
        /** Rewrites every address, and leaves Content-Length as it was. */
        FORGETS_CONTENT_LENGTH {
            @Override
            String request(String text, String inside, String outside) {
                return text.replace(inside, outside);
            }
        },
        /** Rewrites Via and Contact, and leaves the SDP as it was. */
        LEAVES_SDP {
            @Override
            String request(String text, String inside, String outside) {
                int headEnd = text.indexOf("\r\n\r\n");
                return text.substring(0, headEnd).replace(inside, outside) + text.substring(headEnd);
            }
        },
        /** Lets no SIP through. */
        SWALLOWS {
            @Override
            String request(String text, String inside, String outside) {
                return "";
            }
        };

        abstract String request(String text, String inside, String outside);
    }

    SipAlgStandIn(int port, InetSocketAddress server, String outside, Mode mode) {
        this.port = port;
        this.server = server;
        this.outside = outside;
        this.mode = mode;
    }

    public static void main(String[] args) throws IOException {
        SipAlgStandIn standIn = new SipAlgStandIn(
                Integer.parseInt(args[0]), new InetSocketAddress(args[1], 5060), args[2], Mode.valueOf(args[3]));
        DatagramSocket udp = new DatagramSocket(standIn.port);
        ServerSocket tcp = new ServerSocket(standIn.port);
        start(() -> standIn.serveUdp(udp));
        start(() -> standIn.serveTcp(tcp));
        System.out.println("ready");
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void start(Task task) {
        new Thread(() -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        System.out.println(e);
                    }
                })
                .start();
    }

    private byte[] rewritten(byte[] bytes, String inside) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        boolean isSip = text.startsWith("OPTIONS ") || text.startsWith("INVITE ");
        return isSip ? mode.request(text, inside, outside).getBytes(StandardCharsets.ISO_8859_1) : bytes;
    }

    /** Answers are translated back in their head. */
    private byte[] restored(byte[] bytes, String inside) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int headEnd = text.indexOf("\r\n\r\n");
        boolean isSip = text.startsWith("SIP/2.0 ") && headEnd > 0;
        return isSip
                ? (text.substring(0, headEnd).replace(outside, inside) + text.substring(headEnd))
                        .getBytes(StandardCharsets.ISO_8859_1)
                : bytes;
    }

    private void serveUdp(DatagramSocket socket) throws IOException {
        Map<SocketAddress, DatagramSocket> flows = new HashMap<>();
        while (true) {
            DatagramPacket packet = receive(socket);
            InetSocketAddress client = (InetSocketAddress) packet.getSocketAddress();
            DatagramSocket out = flows.get(client);
            if (out == null) {
                DatagramSocket opened = new DatagramSocket(client.getPort(), InetAddress.getByName(outside));
                flows.put(client, opened);
                start(() -> returnUdp(socket, opened, client));
                out = opened;
            }
            byte[] bytes = rewritten(bytes(packet), client.getAddress().getHostAddress());
            if (bytes.length > 0) {
                out.send(new DatagramPacket(bytes, bytes.length, server));
            }
        }
    }

    private void returnUdp(DatagramSocket inside, DatagramSocket outsideSocket, InetSocketAddress client)
            throws IOException {
        while (true) {
            byte[] bytes =
                    restored(bytes(receive(outsideSocket)), client.getAddress().getHostAddress());
            inside.send(new DatagramPacket(bytes, bytes.length, client));
        }
    }

    private static DatagramPacket receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[MAX_BYTES], MAX_BYTES);
        socket.receive(packet);
        return packet;
    }

    private static byte[] bytes(DatagramPacket packet) {
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    private void serveTcp(ServerSocket listener) throws IOException {
        while (true) {
            Socket client = listener.accept();
            String inside = client.getInetAddress().getHostAddress();
            Socket out = new Socket(server.getAddress(), server.getPort());
            start(() -> copy(client.getInputStream(), out, bytes -> rewritten(bytes, inside)));
            start(() -> copy(out.getInputStream(), client, bytes -> restored(bytes, inside)));
        }
    }

    private interface Change {
        byte[] of(byte[] bytes);
    }

    /** A request comes in one piece here, since it fits one segment. */
    private static void copy(InputStream from, Socket to, Change change) throws IOException {
        OutputStream out = to.getOutputStream();
        byte[] part = new byte[MAX_BYTES];
        for (int count = from.read(part); count >= 0; count = from.read(part)) {
            out.write(change.of(Arrays.copyOf(part, count)));
        }
        to.close();
    }
}
