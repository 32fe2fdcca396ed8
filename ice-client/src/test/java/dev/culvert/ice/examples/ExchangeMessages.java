package dev.culvert.ice.examples;

import dev.culvert.stun.Malformation;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.security.SecureRandom;
import java.util.Optional;

/** One request and its answer by the codec alone. */
final class ExchangeMessages {
    private ExchangeMessages() {}

    static Optional<TransportAddress> ask(DatagramChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(1500);
        TransactionId id = TransactionId.random(new SecureRandom());
        new StunWriter()
                .begin(bytes, MessageClass.REQUEST, StunMethod.BINDING, id)
                .fingerprint();
        channel.write(bytes.flip());

        channel.read(bytes.clear());
        StunMessage answer = new StunMessage();
        return answer.wrap(bytes.flip()) == Malformation.NONE && answer.hasTransactionId(id)
                ? answer.get(XorMappedAddress.TYPE).map(XorMappedAddress::address)
                : Optional.empty();
    }
}
