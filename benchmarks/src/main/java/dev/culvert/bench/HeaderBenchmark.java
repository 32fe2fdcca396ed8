package dev.culvert.bench;

import dev.culvert.relay.core.DataIndication;
import dev.culvert.stun.ChannelData;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to write the bytes before relayed data.
 *
 * <pre>{@code
 * mvn -q -DskipTests -pl benchmarks -am package
 * java -cp benchmarks/target/benchmarks.jar org.openjdk.jmh.Main HeaderBenchmark -prof gc
 * }</pre>
 *
 * <p>The gate is {@code gc.alloc.rate.norm} of 0 B/op.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class HeaderBenchmark {
    private static final int LENGTH = 160;

    private final ByteBuffer out = ByteBuffer.allocateDirect(DataIndication.MAX_HEADER_LENGTH);
    private final TransportAddress ipv4 =
            TransportAddress.parse("192.0.2.1:32853").orElseThrow();
    private final TransportAddress ipv6 =
            TransportAddress.parse("[2001:db8::1]:32853").orElseThrow();
    private long id;

    /** For JMH. */
    public HeaderBenchmark() {}

    @Benchmark
    public int channelData() {
        ChannelData.writeHeader(out.clear(), ChannelData.MIN_NUMBER, LENGTH);
        return out.position();
    }

    @Benchmark
    public int dataIndicationFromIpv4() {
        DataIndication.writeHeader(out.clear(), 1, id++, ipv4, LENGTH);
        return out.position();
    }

    @Benchmark
    public int dataIndicationFromIpv6() {
        DataIndication.writeHeader(out.clear(), 1, id++, ipv6, LENGTH);
        return out.position();
    }
}
