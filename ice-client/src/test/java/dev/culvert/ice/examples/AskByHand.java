package dev.culvert.ice.examples;

import dev.culvert.ice.StunRequest;
import dev.culvert.ice.StunTransactionHandler;
import dev.culvert.ice.StunTransactions;
import dev.culvert.stun.TransportAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;

/** Drives a transaction with a socket of the JDK, whose timeout is short. */
final class AskByHand {
    private final DatagramSocket udp;
    private final DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);

    AskByHand(DatagramSocket udp) {
        this.udp = udp;
    }

    void ask(StunRequest request, StunTransactionHandler handler) throws IOException {
        StunTransactions transactions = new StunTransactions((socket, to, bytes) -> send(to, bytes));
        transactions.start(request, handler, System.nanoTime());
        while (transactions.nextDeadlineNanos().isPresent()) {
            try {
                udp.receive(packet);
                transactions.onMessage(request.socket(), source(), content(), System.nanoTime());
            } catch (SocketTimeoutException nothingCame) {
                transactions.onTimeout(System.nanoTime());
            }
        }
    }

    private void send(TransportAddress to, ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        try {
            udp.send(new DatagramPacket(copy, copy.length, to.toInetSocketAddress()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TransportAddress source() {
        return TransportAddress.of((InetSocketAddress) packet.getSocketAddress());
    }

    private ByteBuffer content() {
        return ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
    }
}
