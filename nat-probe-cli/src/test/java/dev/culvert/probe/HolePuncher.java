package dev.culvert.probe;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One of two hosts that try to reach each other, as a program of its own that needs nothing but the JDK.
 *
 * <p>For each line {@code open} it opens a socket, asks the server and prints {@code mapped PORT}; for each line
 * {@code try MODE IP PORT GUESSES} it tries to reach that peer for a while and prints {@code heard} or {@code nothing}.
 * MODE {@code wait} only answers, {@code send} sends as well; with GUESSES it sends to so many ports above PORT instead.
 */
final class HolePuncher {
    private static final Duration ATTEMPT = Duration.ofMillis(1500);
    private static final int STEP_MILLIS = 100;
    private static final int MAGIC_COOKIE = 0x2112A442;
    private static final int XOR_MAPPED_ADDRESS = 0x0020;

    private final InetSocketAddress server;
    private DatagramSocket socket = new DatagramSocket(null);

    private HolePuncher(InetSocketAddress server) throws IOException {
        this.server = server;
    }

    public static void main(String[] args) throws IOException {
        HolePuncher puncher = new HolePuncher(new InetSocketAddress(args[0], Integer.parseInt(args[1])));
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ");
            System.out.println(
                    words[0].equals("open")
                            ? "mapped " + puncher.open()
                            : puncher.attempt(
                                            words[1].equals("send"),
                                            targets(words[2], Integer.parseInt(words[3]), Integer.parseInt(words[4])))
                                    ? "heard"
                                    : "nothing");
        }
    }

    private static List<InetSocketAddress> targets(String ip, int port, int guesses) {
        List<InetSocketAddress> targets = new ArrayList<>();
        // The port itself belongs to the server's mapping; asking there would take the next one.
        for (int i = guesses > 0 ? 1 : 0; i <= guesses; i++) {
            targets.add(new InetSocketAddress(ip, port + i));
        }
        return targets;
    }

    /** A fresh socket's external port, as the server sees it. */
    private int open() throws IOException {
        socket.close();
        socket = new DatagramSocket();
        socket.setSoTimeout(STEP_MILLIS);
        ByteBuffer request =
                ByteBuffer.allocate(20).putShort((short) 1).putShort((short) 0).putInt(MAGIC_COOKIE);
        for (int i = 0; i < 20; i++) {
            socket.send(new DatagramPacket(request.array(), 20, server));
            DatagramPacket answer = receive();
            if (answer != null) {
                return mappedPort(ByteBuffer.wrap(answer.getData(), 0, answer.getLength()));
            }
        }
        throw new IOException("no answer from " + server);
    }

    private static int mappedPort(ByteBuffer answer) throws IOException {
        int at = 20;
        while (at + 8 <= answer.limit()) {
            if ((answer.getShort(at) & 0xFFFF) == XOR_MAPPED_ADDRESS) {
                return (answer.getShort(at + 6) & 0xFFFF) ^ MAGIC_COOKIE >>> 16;
            }
            at += 4 + ((answer.getShort(at + 2) & 0xFFFF) + 3 & ~3);
        }
        throw new IOException("an answer without XOR-MAPPED-ADDRESS");
    }

    private boolean attempt(boolean sends, List<InetSocketAddress> targets) throws IOException {
        boolean heard = false;
        long endNanos = System.nanoTime() + ATTEMPT.toNanos();
        while (System.nanoTime() - endNanos < 0) {
            for (InetSocketAddress target : sends ? targets : List.<InetSocketAddress>of()) {
                send("ask", target.getAddress(), target.getPort());
            }
            heard |= listen();
        }
        return heard;
    }

    /** Answers whoever asks, for one step. */
    private boolean listen() throws IOException {
        boolean heard = false;
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STEP_MILLIS);
        for (long left = STEP_MILLIS; left > 0; left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime())) {
            socket.setSoTimeout((int) left);
            DatagramPacket packet = receive();
            if (packet != null) {
                String word = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
                heard |= word.equals("ask") || word.equals("answer");
                if (word.equals("ask")) {
                    send("answer", packet.getAddress(), packet.getPort());
                }
            }
        }
        return heard;
    }

    private void send(String word, InetAddress ip, int port) throws IOException {
        byte[] bytes = word.getBytes(StandardCharsets.US_ASCII);
        socket.send(new DatagramPacket(bytes, bytes.length, ip, port));
    }

    private @Nullable DatagramPacket receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[600], 600);
        try {
            socket.receive(packet);
            return packet;
        } catch (SocketTimeoutException e) {
            return null;
        }
    }
}
