package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Octets;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.stun.integrity.IntegrityKey;
import dev.culvert.stun.integrity.IntegrityMac;
import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** 1,000,000 datagrams from 50,000 strangers: the server keeps nothing of them, and its one client loses nothing. */
@Isolated("it measures")
class StrangersIT {
    private static final int DATAGRAMS = 1_000_000;
    private static final int OF_EACH_STRANGER = 20;

    /** Fewer than the listener's receive buffer holds, so that the network stack drops nothing. */
    private static final int BETWEEN_PACKETS = 100;

    private static final long ALLOWED_HEAP_BYTES = 1 << 20;
    private static final long ALLOWED_RESIDENT_BYTES = 16 << 20;
    private static final TransportAddress PEER =
            TransportAddress.parse("127.0.0.2:0").orElseThrow();

    private static final Attribute UDP = new RequestedTransport(RequestedTransport.UDP);

    @TempDir
    private Path folder;

    private final Random random = new Random(8656);
    private final IntegrityMac mac = new IntegrityMac();
    private final ByteBuffer buffer = ByteBuffer.allocate(2048);

    @BeforeEach
    void needsLinux() {
        Requirements.linux();
    }

    @Test
    void strangersCostNoMemoryAndNoClientAPacket() throws Exception {
        TurnServerOptions options =
                new TurnServerOptions().with("--allow-peer", "127.0.0.2/32", "--log-level", "error");
        TransportAddress peer = new TransportAddress(PEER.ip(), FreePort.pick());
        try (TurnServerUnderTest server = TurnServerUnderTest.start(options, folder)) {
            TransportAddress address =
                    TransportAddress.parse(server.host() + ":" + server.port()).orElseThrow();
            LongTermCredential user = new LongTermCredential(TurnServerUnderTest.USER, TurnServerUnderTest.PASSWORD);
            AllocationLoad client = new AllocationLoad(address, user, 1, peer);
            assertThat(client.step("allocate")).isEqualTo(1);
            assertThat(client.step("bind")).isEqualTo(1);

            flood(address, client, DATAGRAMS / 4);
            Footprint.Memory warm = Footprint.memory(server);
            int sockets = Footprint.descriptors(server);
            flood(address, client, DATAGRAMS * 3 / 4);
            Footprint.Memory after = Footprint.memory(server);

            System.out.printf(
                    "750,000 datagrams of strangers: heap %+d bytes, resident memory %+d bytes%n",
                    after.heapBytes() - warm.heapBytes(), after.residentBytes() - warm.residentBytes());
            assertThat(after.heapBytes() - warm.heapBytes()).isLessThan(ALLOWED_HEAP_BYTES);
            assertThat(after.residentBytes() - warm.residentBytes()).isLessThan(ALLOWED_RESIDENT_BYTES);
            assertThat(Footprint.descriptors(server)).isEqualTo(sockets);
            assertThat(Footprint.instances(server, "dev.culvert.relay.core.Allocation"))
                    .isEqualTo(1);
            assertThat(server.program().output()).doesNotContain("ERROR").doesNotContain("xception");
            assertThat(client.step("close")).isEqualTo(1);
        }
    }

    /** Between a few datagrams of strangers, the client's packet goes to its peer and comes back. */
    private void flood(TransportAddress server, AllocationLoad client, int datagrams) throws IOException {
        InetSocketAddress to = server.toInetSocketAddress();
        for (int sent = 0; sent < datagrams; ) {
            try (DatagramChannel stranger = DatagramChannel.open()) {
                // The whole of 127/8 is this machine's: some 65,000 prefixes of the rate limiter.
                IpAddress source = IpAddress.v4(0x7F00_0000 | 1 + random.nextInt(0xFF_FFFE));
                stranger.bind(new InetSocketAddress(source.toInetAddress(), 0));
                for (int i = 0; i < OF_EACH_STRANGER; i++, sent++) {
                    stranger.send(datagram(), to);
                }
            }
            if (sent % BETWEEN_PACKETS == 0) {
                assertThat(client.step("relay")).as("after %d datagrams", sent).isEqualTo(1);
            }
        }
    }

    private ByteBuffer datagram() {
        buffer.clear();
        switch (random.nextInt(8)) {
            case 0 -> message(MessageClass.REQUEST, StunMethod.ALLOCATE, UDP);
            case 1 -> message(MessageClass.REQUEST, StunMethod.BINDING);
            case 2 -> signed(StunMethod.ALLOCATE, UDP);
            case 3 -> signed(StunMethod.REFRESH, new Lifetime(600));
            case 4 -> signed(StunMethod.CREATE_PERMISSION, new XorPeerAddress(PEER));
            case 5 -> signed(StunMethod.CHANNEL_BIND, new ChannelNumber(0x4000), new XorPeerAddress(PEER));
            case 6 ->
                message(
                        MessageClass.INDICATION,
                        StunMethod.SEND,
                        new XorPeerAddress(PEER),
                        new Data(Octets.of(noise(40))));
            default -> buffer.put(noise(1 + random.nextInt(200)));
        }
        return buffer.flip();
    }

    private StunWriter message(MessageClass messageClass, int method, Attribute... attributes) {
        StunWriter writer = new StunWriter();
        writer.begin(buffer, messageClass, method, TransactionId.random(random));
        for (Attribute attribute : attributes) {
            writer.add(attribute);
        }
        return writer;
    }

    /** With a credential that nobody has, under a nonce that nobody gave. */
    private void signed(int method, Attribute... attributes) {
        StunWriter writer = message(MessageClass.REQUEST, method, attributes);
        writer.add(new Username("user" + random.nextInt()));
        writer.add(new Realm(TurnServerUnderTest.REALM));
        writer.add(new Nonce("obMatJos2AAAC" + Long.toHexString(random.nextLong())));
        mac.sign(writer, IntegrityKey.of(noise(16)));
    }

    private byte[] noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
