package dev.culvert.bench;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.XorRelayedAddress;
import dev.culvert.stun.integrity.IntegrityKey;
import dev.culvert.stun.integrity.IntegrityMac;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests under way, all clients together. Mutable, owned by the generator's thread. */
final class Transactions {
    private static final Duration RETRY_AFTER = Duration.ofMillis(500);
    private static final int MAX_TRIES = 8;
    private static final int MAX_REQUEST_BYTES = 1024;
    private static final long ID_HIGH = (long) TransactionId.MAGIC_COOKIE << 32;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final StunWriter writer = new StunWriter();
    private final IntegrityMac mac = new IntegrityMac();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(MAX_REQUEST_BYTES);
    private final Map<Long, Pending> pending = new HashMap<>();
    private long lastId;

    /**
     * What a client needs of an answer.
     *
     * @param code the error code; 0 for a success
     */
    record Answer(int code, Optional<TransportAddress> relayed, Optional<Realm> realm, Optional<Nonce> nonce) {
        static final int SUCCESS = 0;

        private static Answer of(StunMessage message) {
            boolean isError = message.messageClass() == MessageClass.ERROR_RESPONSE;
            return new Answer(
                    isError ? message.get(ErrorCode.TYPE).map(ErrorCode::code).orElse(-1) : SUCCESS,
                    message.get(XorRelayedAddress.TYPE).map(XorRelayedAddress::address),
                    message.get(Realm.TYPE),
                    message.get(Nonce.TYPE));
        }
    }

    private static final class Pending {
        private final Wire wire;
        private final byte[] request;
        private final Promise<Answer> answer = Promise.promise();
        private long sentNanos = System.nanoTime();
        private int tries = 1;

        Pending(Wire wire, byte[] request) {
            this.wire = wire;
            this.request = request;
        }
    }

    /** Asks; signed where there is a key. Leaves with what else is queued. Fails where no answer comes. */
    Future<Answer> ask(Wire wire, int method, List<Attribute> attributes, Optional<IntegrityKey> key) {
        long id = ++lastId;
        writer.begin(scratch.clear(), MessageClass.REQUEST, method, new TransactionId(ID_HIGH, id));
        attributes.forEach(writer::add);
        key.ifPresent(known -> mac.sign(writer, known));
        byte[] request = new byte[scratch.flip().remaining()];
        scratch.get(request).rewind();
        Pending asked = new Pending(wire, request);
        pending.put(id, asked);
        wire.send(NOTHING, scratch);
        return asked.answer.future();
    }

    /** Takes an answer; one that nobody waits for any more was sent twice. */
    void onAnswer(Object inlet, StunMessage message) {
        Pending asked = pending.remove(message.transactionId().low());
        if (asked != null && asked.wire.inlet().equals(inlet)) {
            asked.answer.complete(Answer.of(message));
        }
    }

    /** Sends again what got no answer, or gives it up. */
    void retry(long nowNanos) {
        List<Long> hopeless = new ArrayList<>();
        pending.forEach((id, asked) -> {
            if (nowNanos - asked.sentNanos < RETRY_AFTER.toNanos()) {
                return;
            }
            if (asked.tries == MAX_TRIES) {
                hopeless.add(id);
                return;
            }
            asked.tries++;
            asked.sentNanos = nowNanos;
            if (asked.wire.isLossy()) {
                asked.wire.send(NOTHING, ByteBuffer.wrap(asked.request));
            }
        });
        for (long id : hopeless) {
            Pending asked = pending.remove(id);
            if (asked != null) {
                asked.answer.fail("no answer from the server");
            }
        }
    }
}
