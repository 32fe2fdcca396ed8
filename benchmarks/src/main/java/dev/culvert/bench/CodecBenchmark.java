package dev.culvert.bench;

import dev.culvert.stun.Malformation;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.stun.integrity.IntegrityCheck;
import dev.culvert.stun.integrity.IntegrityKey;
import dev.culvert.stun.integrity.IntegrityMac;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the codec costs per message, on a direct buffer as a socket lends it.
 *
 * <pre>{@code
 * mvn -q -DskipTests -pl benchmarks -am package
 * java -cp benchmarks/target/benchmarks.jar org.openjdk.jmh.Main CodecBenchmark -prof gc
 * }</pre>
 *
 * <p>The gates are {@code gc.alloc.rate.norm} of 0 B/op for all but {@code decodeXorMappedAddress}, 60 ns for
 * {@code wrapAndFind}, 1.5 µs for {@code checkIntegrity}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CodecBenchmark {
    private static final TransactionId ID = new TransactionId(0x2112A44201020304L, 0x05060708090A0B0CL);

    private final ByteBuffer request = ByteBuffer.allocateDirect(1500);
    private final ByteBuffer response = ByteBuffer.allocateDirect(1500);
    private final ByteBuffer reply = ByteBuffer.allocateDirect(1500);
    private final StunMessage message = new StunMessage();
    private final StunWriter writer = new StunWriter();
    private final IntegrityMac mac = new IntegrityMac();
    private final IntegrityKey key = IntegrityKey.longTerm("alice", "example.org", "secret");
    private final TransportAddress mapped =
            TransportAddress.parse("192.0.2.1:32853").orElseThrow();

    /** For JMH. */
    public CodecBenchmark() {}

    /** A CreatePermission request of 100 bytes with MESSAGE-INTEGRITY, and a Binding response with FINGERPRINT. */
    @Setup
    public void write() {
        writer.begin(request, MessageClass.REQUEST, StunMethod.CREATE_PERMISSION, ID)
                .add(new XorPeerAddress(mapped))
                .add(new Username("alice"))
                .add(new Realm("a.org"))
                .add(new Nonce("01234567890123"));
        mac.sign(writer, key);
        request.flip();
        writer.begin(response, MessageClass.SUCCESS_RESPONSE, StunMethod.BINDING, ID)
                .add(new XorMappedAddress(mapped))
                .fingerprint();
        response.flip();
        if (request.limit() != 100) {
            throw new IllegalStateException("the request has " + request.limit() + " bytes");
        }
    }

    @Benchmark
    public int wrapAndFind() {
        if (message.wrap(request) != Malformation.NONE) {
            throw new IllegalStateException("malformed");
        }
        return message.find(Nonce.TYPE.number());
    }

    @Benchmark
    public XorMappedAddress decodeXorMappedAddress() {
        message.wrap(response);
        return message.get(XorMappedAddress.TYPE).orElseThrow();
    }

    @Benchmark
    public IntegrityCheck checkIntegrity() {
        message.wrap(request);
        return mac.verify(message, key);
    }

    @Benchmark
    public StunMessage.FingerprintCheck checkFingerprint() {
        message.wrap(response);
        return message.checkFingerprint();
    }

    @Benchmark
    public int writeBindingResponse() {
        message.wrap(request);
        writer.beginReply(reply.clear(), MessageClass.SUCCESS_RESPONSE, message).add(new XorMappedAddress(mapped));
        return writer.lengthBytes();
    }
}
