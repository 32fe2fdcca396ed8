package dev.culvert.ice.check;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.ChangeRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How a request reads.
 *
 * @param label what it is, in words
 * @param method as in {@link StunMethod}
 * @param classic whether it is of RFC 3489, without the magic cookie
 * @param fingerprint whether it ends with FINGERPRINT
 * @param attributes in the order of the message
 */
record Wording(String label, int method, boolean classic, boolean fingerprint, List<Attribute> attributes) {
    private static final int MAX_REQUEST_BYTES = 1200;

    Wording {
        attributes = List.copyOf(attributes);
    }

    static Wording binding(String label) {
        return new Wording(label, StunMethod.BINDING, false, false, List.of());
    }

    /** A Binding request that asks for an answer from elsewhere. */
    static Wording change(ChangeRequest change) {
        boolean both = change.changeIp() && change.changePort();
        String what = both ? "ip and port" : change.changeIp() ? "ip" : change.changePort() ? "port" : "nothing";
        return binding("Binding, change " + what).with(change);
    }

    Wording with(Attribute attribute) {
        List<Attribute> more = new ArrayList<>(attributes);
        more.add(attribute);
        return new Wording(label, method, classic, fingerprint, more);
    }

    Wording asClassic() {
        return new Wording(label, method, true, fingerprint, attributes);
    }

    Wording withFingerprint() {
        return new Wording(label, method, classic, true, attributes);
    }

    TransactionId newId(RandomGenerator random) {
        if (!classic) {
            return TransactionId.random(random);
        }
        TransactionId id = new TransactionId(random.nextLong(), random.nextLong());
        return id.isClassic() ? id : newId(random);
    }

    ByteBuffer encode(TransactionId id) {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_REQUEST_BYTES);
        StunWriter writer = new StunWriter().begin(bytes, MessageClass.REQUEST, method, id);
        attributes.forEach(writer::add);
        if (fingerprint) {
            writer.fingerprint();
        }
        return bytes.flip();
    }
}
