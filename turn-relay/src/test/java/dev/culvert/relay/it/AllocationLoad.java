package dev.culvert.relay.it;

import dev.culvert.ice.turn.AllocateOptions;
import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.turn.TurnClient;
import dev.culvert.ice.turn.TurnEvent;
import dev.culvert.ice.turn.TurnOutput;
import dev.culvert.stun.TransportAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A process with many TURN clients, each on a socket of its own, and one peer that sends back what it gets, or one for
 * each client. It is told what to do on standard input, a word a line, and answers each with how many clients have done
 * it.
 *
 * <p>Arguments: server, user, password, number of clients, address of the peer, or with port 0 of their peers.
 */
final class AllocationLoad {
    /** How many clients may be busy with one step at a time. */
    private static final int WINDOW = 32;

    private static final long STEP_TIMEOUT_NANOS = 120_000_000_000L;

    private final Selector selector = Selector.open();
    private final List<Client> clients = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);

    AllocationLoad(TransportAddress server, LongTermCredential user, int count, TransportAddress peer)
            throws IOException {
        SecureRandom random = new SecureRandom();
        boolean isOneForAll = peer.port() != 0;
        TransportAddress ofAll = isOneForAll ? echo(peer) : peer;
        for (int i = 0; i < count; i++) {
            clients.add(new Client(i, server, user, isOneForAll ? ofAll : echo(peer), random));
        }
    }

    private TransportAddress echo(TransportAddress local) throws IOException {
        DatagramChannel echo = DatagramChannel.open().bind(local.toInetSocketAddress());
        echo.configureBlocking(false).register(selector, SelectionKey.OP_READ);
        return TransportAddress.of((InetSocketAddress) echo.getLocalAddress());
    }

    public static void main(String[] arguments) throws IOException {
        AllocationLoad load = new AllocationLoad(
                TransportAddress.parse(arguments[0]).orElseThrow(),
                new LongTermCredential(arguments[1], arguments[2]),
                Integer.parseInt(arguments[3]),
                TransportAddress.parse(arguments[4]).orElseThrow());
        BufferedReader words = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String word = words.readLine(); word != null; word = words.readLine()) {
            System.out.println(word + " " + load.step(word));
        }
    }

    long step(String word) throws IOException {
        return switch (word) {
            case "allocate" ->
                each(client -> client.turn.allocate(AllocateOptions.defaults(), now(), client), c -> c.isAllocated);
            case "bind" -> each(client -> client.turn.bindChannel(client.peer, now(), client), c -> c.isBound);
            case "relay" -> each(Client::sendNumber, c -> c.echoes == c.sent);
            case "close" -> each(client -> client.turn.close(now(), client), c -> c.isClosed);
            default -> throw new IllegalArgumentException(word);
        };
    }

    private static long now() {
        return System.nanoTime();
    }

    /** Lets all clients do something, some at a time; returns how many have done it. */
    private long each(Action action, Predicate<Client> isDone) throws IOException {
        long untilNanos = now() + STEP_TIMEOUT_NANOS;
        List<Client> busy = new ArrayList<>();
        int next = 0;
        while ((next < clients.size() || !busy.isEmpty()) && untilNanos - now() > 0) {
            while (next < clients.size() && busy.size() < WINDOW) {
                Client client = clients.get(next++);
                action.run(client);
                busy.add(client);
            }
            selector.select(this::receive, 20);
            for (Client client : busy) {
                client.turn.onTimeout(now(), client);
            }
            busy.removeIf(isDone.or(client -> client.hasFailed));
        }
        return clients.stream().filter(isDone).count();
    }

    @FunctionalInterface
    private interface Action {
        void run(Client client) throws IOException;
    }

    private void receive(SelectionKey key) {
        try {
            DatagramChannel channel = (DatagramChannel) key.channel();
            for (InetSocketAddress from = next(channel); from != null; from = next(channel)) {
                if (key.attachment() instanceof Client client) {
                    client.turn.onPacket(buffer, 0, buffer.limit(), now(), client);
                } else {
                    channel.send(buffer, from);
                }
            }
        } catch (IOException e) {
            System.err.println(e);
        }
    }

    private InetSocketAddress next(DatagramChannel channel) throws IOException {
        buffer.clear();
        InetSocketAddress from = (InetSocketAddress) channel.receive(buffer);
        buffer.flip();
        return from;
    }

    /** One client and what has become of it. */
    private final class Client implements TurnOutput {
        private final TurnClient turn;
        private final int number;
        private final TransportAddress peer;
        private final DatagramChannel channel;
        private boolean isAllocated;
        private boolean isBound;
        private boolean isClosed;
        private boolean hasFailed;
        private int sent;
        private int echoes;

        Client(int number, TransportAddress server, LongTermCredential user, TransportAddress peer, SecureRandom random)
                throws IOException {
            this.number = number;
            this.peer = peer;
            this.turn = new TurnClient(server, TurnClient.Transport.DATAGRAM, user, random);
            this.channel = DatagramChannel.open();
            channel.configureBlocking(false);
            channel.bind(new InetSocketAddress(server.ip().toInetAddress(), 0));
            channel.connect(server.toInetSocketAddress());
            channel.register(selector, SelectionKey.OP_READ, this);
        }

        void sendNumber() {
            sent++;
            turn.send(peer, ByteBuffer.allocate(8).putInt(number).putInt(sent).flip(), this);
        }

        @Override
        public void transmit(ByteBuffer message) {
            write(message);
        }

        @Override
        public void transmit(ByteBuffer header, ByteBuffer payload, int paddingBytes) {
            ByteBuffer whole = ByteBuffer.allocate(header.remaining() + payload.remaining() + paddingBytes);
            write(whole.put(header).put(payload.duplicate()).position(0));
        }

        private void write(ByteBuffer message) {
            try {
                channel.write(message);
            } catch (IOException e) {
                System.err.println(e);
            }
        }

        @Override
        public void onData(TransportAddress from, ByteBuffer data, int offset, int lengthBytes) {
            boolean isMine = from.equals(peer) && data.getInt(offset) == number && data.getInt(offset + 4) == sent;
            echoes += isMine ? 1 : 0;
            hasFailed |= !isMine;
        }

        @Override
        public void onEvent(TurnEvent event) {
            isAllocated |= event instanceof TurnEvent.Allocated;
            isBound |= event instanceof TurnEvent.ChannelBound;
            isClosed |= event instanceof TurnEvent.Closed;
            if (event instanceof TurnEvent.AllocationFailed || event instanceof TurnEvent.ChannelFailed) {
                hasFailed = true;
                System.err.println(event);
            }
        }
    }
}
