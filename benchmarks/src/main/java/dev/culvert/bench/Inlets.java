package dev.culvert.bench;

import dev.culvert.server.core.SourceAddress;
import dev.culvert.server.io.UdpPort;
import dev.culvert.stun.ChannelData;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.PacketKind;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.stun.attribute.XorPeerAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Where everything arrives: finds out what it is, and hands it to the flow or the transaction that it belongs to. Mutable,
 * owned by the generator's thread.
 *
 * <p>An origin is an address as one number, with the channel number behind it: what a flow's payloads must come from.
 */
final class Inlets {
    private static final int PORT_BITS = 16;
    private static final int CHANNEL_BITS = 16;
    private static final int ATTRIBUTE_HEADER_LENGTH = 4;
    private static final int FIRST_CAPACITY = 1 << 10;

    private final Transactions transactions;
    private final ChannelData channelData = new ChannelData();
    private final StunMessage message = new StunMessage();
    private final CRC32C crc = new CRC32C();
    private @Nullable Flow[] flows = new Flow[FIRST_CAPACITY];
    private int flowsEver;

    /** For what belongs to no flow. */
    private Tally strays = new Tally();

    Inlets(Transactions transactions) {
        this.transactions = transactions;
    }

    /** The origin of what comes from {@code address} as it is. */
    static long origin(TransportAddress address) {
        return (address.ip().low() << PORT_BITS | address.port()) << CHANNEL_BITS;
    }

    static long origin(SourceAddress source) {
        return (source.low() << PORT_BITS | source.port()) << CHANNEL_BITS;
    }

    /** The number that the next flow has. */
    int nextFlow() {
        return flowsEver;
    }

    /** Takes the payloads of {@code flow} from now on, whose number is {@link #nextFlow}. */
    void add(Flow flow) {
        if (flowsEver == flows.length) {
            flows = Arrays.copyOf(flows, flowsEver * 2);
        }
        flows[flowsEver++] = flow;
    }

    /** Forgets all flows; their numbers are not used again. */
    void forgetFlows() {
        Arrays.fill(flows, null);
    }

    /** Counts what belongs to no flow there from now on. */
    void blame(Tally tally) {
        strays = tally;
    }

    /** Takes what a server sent to a client: an answer, ChannelData or a Data indication. */
    void onMessage(Object inlet, long server, ByteBuffer bytes, int offset, int lengthBytes) {
        if (PacketKind.of(bytes.get(offset)) == PacketKind.TURN_CHANNEL) {
            onChannelData(inlet, server, bytes, offset, lengthBytes);
            return;
        }
        if (message.wrap(bytes, offset, lengthBytes) != Malformation.NONE) {
            strays.corrupted++;
            return;
        }
        if (message.is(MessageClass.INDICATION, StunMethod.DATA)) {
            onDataIndication(inlet);
            return;
        }
        int flow = BindingRequest.flowOf(message.transactionId());
        if (flow < 0) {
            transactions.onAnswer(inlet, message);
            return;
        }
        onBindingAnswer(inlet, server, flow);
    }

    /** Takes the answer to a request of a flow, which must tell the client its own address. */
    private void onBindingAnswer(Object inlet, long server, int number) {
        boolean isRight = number < flowsEver
                && message.is(MessageClass.SUCCESS_RESPONSE, StunMethod.BINDING)
                && inlet instanceof UdpPort port
                && message.get(XorMappedAddress.TYPE)
                        .filter(mapped -> mapped.address().equals(port.local()))
                        .isPresent();
        if (!isRight) {
            strays.corrupted++;
            return;
        }
        arrive(
                number,
                inlet,
                server,
                StunMessage.HEADER_LENGTH,
                message.transactionId().low());
    }

    private void onChannelData(Object inlet, long server, ByteBuffer bytes, int offset, int lengthBytes) {
        if (channelData.wrap(bytes, offset, lengthBytes) != Malformation.NONE) {
            strays.corrupted++;
            return;
        }
        onPayload(inlet, server | channelData.number(), bytes, channelData.payloadOffset(), channelData.lengthBytes());
    }

    private void onDataIndication(Object inlet) {
        int data = message.find(Data.TYPE.number());
        Optional<XorPeerAddress> peer = message.get(XorPeerAddress.TYPE);
        if (data == StunMessage.ABSENT || peer.isEmpty()) {
            strays.corrupted++;
            return;
        }
        int offset = data + ATTRIBUTE_HEADER_LENGTH;
        onPayload(inlet, origin(peer.get().address()), message.buffer(), offset, message.lengthAt(data));
    }

    /** Takes application data, at a peer or out of the message of a client. */
    void onPayload(Object inlet, long origin, ByteBuffer bytes, int offset, int lengthBytes) {
        int number = Payload.flowOf(bytes, offset, lengthBytes, crc);
        if (number < 0 || number >= flowsEver) {
            strays.corrupted++;
            return;
        }
        arrive(number, inlet, origin, lengthBytes, Payload.sequenceOf(bytes, offset));
    }

    private void arrive(int number, Object inlet, long origin, int lengthBytes, long sequence) {
        Flow flow = flows[number];
        if (flow == null) {
            strays.late++;
            return;
        }
        flow.onArrival(inlet, origin, lengthBytes, sequence);
    }
}
