package dev.culvert.relay.it;

import dev.culvert.stun.Malformation;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.UseCandidate;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.stun.integrity.IntegrityCheck;
import dev.culvert.stun.integrity.IntegrityKey;
import dev.culvert.stun.integrity.IntegrityMac;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The lite end of an ICE session (RFC 8445 §2.5): it answers connectivity checks, and goes where the other end nominates. */
final class LiteAgent {
    private static final int MAX_ANSWER_BYTES = 200;

    private final String usernameFragment;
    private final IntegrityKey key;
    private final IntegrityMac mac = new IntegrityMac();
    private Optional<TransportAddress> nominated = Optional.empty();

    LiteAgent(String usernameFragment, String password) {
        this.usernameFragment = usernameFragment;
        this.key = IntegrityKey.shortTerm(password);
    }

    /** The answer to a check from {@code from}; empty where {@code datagram} is none for this agent. */
    Optional<ByteBuffer> answer(ByteBuffer datagram, TransportAddress from) {
        StunMessage check = new StunMessage();
        if (check.wrap(datagram.duplicate()) != Malformation.NONE
                || !check.is(MessageClass.REQUEST, StunMethod.BINDING)
                || !isForThis(check)
                || mac.verify(check, key) != IntegrityCheck.VALID) {
            return Optional.empty();
        }
        if (check.has(UseCandidate.TYPE)) {
            nominated = Optional.of(from);
        }
        StunWriter writer = new StunWriter()
                .beginReply(ByteBuffer.allocate(MAX_ANSWER_BYTES), MessageClass.SUCCESS_RESPONSE, check)
                .add(new XorMappedAddress(from));
        mac.sign(writer, key);
        return Optional.of(writer.fingerprint().buffer().flip());
    }

    /** RFC 8445 §7.2.2: the username of a check begins with the fragment of whom it is for. */
    private boolean isForThis(StunMessage check) {
        return check.get(Username.TYPE)
                .filter(username -> username.name().startsWith(usernameFragment + ":"))
                .isPresent();
    }

    /** Where the other end is, once it has said so. */
    Optional<TransportAddress> nominated() {
        return nominated;
    }
}
