package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.integrity.IntegrityCheck;
import dev.culvert.stun.integrity.IntegrityKey;
import dev.culvert.stun.integrity.IntegrityMac;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A client with a password that wraps what is asked for into requests, and trusts no answer without integrity. */
final class TestClient {
    static final String REALM = "example.org";

    final FiveTuple flow;
    final String username;
    private final IntegrityKey key;
    private final IntegrityMac mac = new IntegrityMac();
    private static long transactions;
    private String nonce = "";

    private TestClient(FiveTuple flow, String username, String password) {
        this.flow = flow;
        this.username = username;
        this.key = IntegrityKey.longTerm(username, REALM, password);
    }

    static TestClient over(Transport transport, String address, String username, String password) {
        boolean isIpv6 = address.startsWith("[");
        FiveTuple flow = new FiveTuple(
                transport,
                Ask.address(isIpv6 ? RelayUnderTest.SERVER_V6 : RelayUnderTest.SERVER),
                Ask.address(address));
        return new TestClient(flow, username, password);
    }

    static TestClient alice(String address) {
        return over(Transport.UDP, address, "alice", "secret");
    }

    static TestClient bob(String address) {
        return over(Transport.UDP, address, "bob", "hush");
    }

    /** The message, with a credential where it is a request and there was a challenge. */
    byte[] encode(Ask ask) {
        boolean isIndication = ask.method() == StunMethod.SEND;
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        TransactionId id = new TransactionId((long) TransactionId.MAGIC_COOKIE << 32, ++transactions);
        StunWriter writer = new StunWriter()
                .begin(buffer, isIndication ? MessageClass.INDICATION : MessageClass.REQUEST, ask.method(), id);
        ask.attributes().forEach(writer::add);
        if (!isIndication && !nonce.isEmpty()) {
            writer.add(new Username(username)).add(new Realm(REALM)).add(new Nonce(nonce));
            mac.sign(writer, key);
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    /** Takes the nonce of a 401 or 438; false where {@code answer} is neither. */
    boolean isChallenged(StunMessage answer) {
        int code = answer.get(ErrorCode.TYPE).map(ErrorCode::code).orElse(0);
        if (code != 401 && code != 438) {
            return false;
        }
        nonce = answer.get(Nonce.TYPE).orElseThrow().text();
        return true;
    }

    void trust(StunMessage answer) {
        assertThat(mac.verify(answer, key)).isEqualTo(IntegrityCheck.VALID);
    }
}
