package dev.culvert.relay.it;

import dev.culvert.stun.TransportAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Peers on a host of a laboratory, which count what they get, and send it back once they are told to; arguments: where each
 * of them is.
 */
final class PeerPuppet {
    private final Map<String, Peer> peers = new LinkedHashMap<>();
    private final Selector selector = Selector.open();

    private record Peer(DatagramChannel channel, AtomicInteger packets, AtomicBoolean echoes) {}

    private PeerPuppet(String[] addresses) throws IOException {
        for (String address : addresses) {
            TransportAddress local = TransportAddress.parse(address).orElseThrow();
            ProtocolFamily family = local.ip().isIpv4() ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
            DatagramChannel channel = DatagramChannel.open(family).bind(local.toInetSocketAddress());
            Peer peer = new Peer(channel, new AtomicInteger(), new AtomicBoolean());
            channel.configureBlocking(false).register(selector, SelectionKey.OP_READ, peer);
            peers.put(address, peer);
        }
        Thread receiver = new Thread(this::receive, "peers");
        receiver.setDaemon(true);
        receiver.start();
    }

    public static void main(String[] arguments) throws IOException {
        Puppet.obey(new PeerPuppet(arguments)::obey);
    }

    private void receive() {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        try {
            while (true) {
                selector.select(key -> {
                    Peer peer = (Peer) key.attachment();
                    try {
                        take(peer, buffer);
                    } catch (IOException e) {
                        System.err.println(e);
                    }
                });
            }
        } catch (IOException e) {
            System.err.println(e);
        }
    }

    private static void take(Peer peer, ByteBuffer buffer) throws IOException {
        for (SocketAddress from = peer.channel().receive(buffer.clear());
                from != null;
                from = peer.channel().receive(buffer.clear())) {
            peer.packets().incrementAndGet();
            if (peer.echoes().get()) {
                peer.channel().send(buffer.flip(), from);
            }
        }
    }

    private String obey(String[] order) throws IOException {
        return switch (order[0]) {
            case "packets" -> "" + peer(order[1]).packets().get();
            case "echo" -> {
                peer(order[1]).echoes().set(true);
                yield "set";
            }
            case "traffic-class" -> {
                peer(order[1]).channel().setOption(StandardSocketOptions.IP_TOS, Integer.decode(order[2]));
                yield "set";
            }
            case "send" -> {
                InetSocketAddress to =
                        TransportAddress.parse(order[2]).orElseThrow().toInetSocketAddress();
                peer(order[1]).channel().send(ByteBuffer.allocate(Integer.parseInt(order[3])), to);
                yield "sent";
            }
            default -> throw new IllegalArgumentException(order[0]);
        };
    }

    private Peer peer(String address) {
        Peer peer = peers.get(address);
        if (peer == null) {
            throw new IllegalArgumentException("no peer at " + address);
        }
        return peer;
    }
}
