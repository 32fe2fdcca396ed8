package dev.culvert.relay.usage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.relay.usage.UsageEvent.Weight;
import dev.culvert.server.config.ServerConfig.Log.Addresses;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From the hand-over to an outlet, which may refuse. */
class UsageWriterTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LINE_BYTES =
            text().line(Samples.event(Weight.STOP), 1_000).lengthBytes();

    private final MemoryOutlet outlet = new MemoryOutlet();
    private final OutletCounts counts = new OutletCounts();

    @Test
    void eventsAreNumberedFromOneOn() throws IOException {
        HandOver handOver = new HandOver(100);
        UsageWriter writer = writer(handOver, 1 << 20);
        for (Weight weight : List.of(Weight.START, Weight.INTERIM, Weight.STOP)) {
            handOver.add(Samples.event(weight));
        }

        writer.turn();

        assertThat(sequences()).containsExactly(1L, 2L, 3L);
        assertThat(types()).containsExactly("start", "interim", "stop");
        assertThat(counts.written.sum()).isEqualTo(3);
    }

    @Test
    void whatAnOutletRefusesComesLaterAndInOrder() throws IOException {
        HandOver handOver = new HandOver(10_000);
        UsageWriter writer = writer(handOver, 1 << 24);
        outlet.refuses = true;
        for (int i = 0; i < 2_500; i++) {
            handOver.add(Samples.event(Weight.STOP));
            writer.turn();
        }
        assertThat(outlet.lines).isEmpty();
        assertThat(counts.failures.sum()).isEqualTo(2_500);

        outlet.refuses = false;
        writer.turn();

        assertThat(sequences())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 2_500).mapToObj(Long::valueOf).toList());
        assertThat(counts.lost.sum()).isZero();
    }

    @Test
    void interimsAreDroppedBeforeStartsAndStartsBeforeStopsInTheHandOver() {
        HandOver handOver = new HandOver(8);
        for (Weight weight : List.of(Weight.INTERIM, Weight.START, Weight.STOP)) {
            for (int i = 0; i < 10; i++) {
                handOver.add(Samples.event(weight));
            }
        }

        List<Weight> taken = new ArrayList<>();
        for (var next = handOver.poll(); next.isPresent(); next = handOver.poll()) {
            taken.add(next.get().weight());
        }

        assertThat(taken)
                .containsExactly(
                        Weight.INTERIM,
                        Weight.INTERIM,
                        Weight.START,
                        Weight.START,
                        Weight.STOP,
                        Weight.STOP,
                        Weight.STOP,
                        Weight.STOP);
        assertThat(handOver.takeDropped()).isEqualTo(22);
        assertThat(handOver.takeDropped()).isZero();
    }

    @Test
    void outletThatIsShortOfRoomGetsNoInterims() throws IOException {
        HandOver handOver = new HandOver(100);
        UsageWriter writer = writer(handOver, 1 << 20);
        outlet.isShort = true;
        handOver.add(Samples.event(Weight.START));
        handOver.add(Samples.event(Weight.INTERIM));
        handOver.add(Samples.event(Weight.STOP));

        writer.turn();

        assertThat(types()).containsExactly("start", "stop");
        assertThat(last().get("lost").asLong()).isOne();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyGapIsToldByTheEventBehindIt(long seed) throws IOException {
        Random random = new Random(seed);
        HandOver handOver = new HandOver(40);
        UsageWriter writer = writer(handOver, 30L * LINE_BYTES);
        int added = 0;
        for (int turn = 0; turn < 300; turn++) {
            outlet.refuses = random.nextInt(10) < 7;
            int burst = random.nextInt(60);
            for (int i = 0; i < burst; i++) {
                handOver.add(Samples.event(Weight.values()[random.nextInt(3)]));
            }
            added += burst;
            writer.turn();
        }
        outlet.refuses = false;
        writer.turn();
        handOver.add(Samples.event(Weight.STOP));
        writer.finish();

        long expected = 1;
        for (String line : outlet.lines) {
            JsonNode event = JSON.readTree(line);
            expected += event.path("lost").asLong();
            assertThat(event.get("sequence").asLong()).isEqualTo(expected);
            expected++;
        }
        assertThat(expected).isEqualTo(added + 2);
        assertThat(counts.lost.sum() + outlet.lines.size()).isEqualTo(added + 1);
        assertThat(counts.lost.sum()).as("lost, or nothing was tried").isPositive();
    }

    @Test
    void handOverOfManyThreadsLosesAndDoublesNothing() throws Exception {
        long threads = 4;
        int each = 20_000;
        HandOver handOver = new HandOver(100_000);
        UsageWriter writer = writer(handOver, 1 << 20);
        List<Thread> loops = IntStream.range(0, (int) threads)
                .mapToObj(i -> new Thread(() -> {
                    for (int n = 0; n < each; n++) {
                        handOver.add(Samples.event(Weight.STOP));
                    }
                }))
                .toList();
        loops.forEach(Thread::start);

        while (loops.stream().anyMatch(Thread::isAlive)) {
            writer.turn();
        }
        writer.turn();

        assertThat(counts.written.sum()).isEqualTo(threads * each);
        assertThat(last().get("sequence").asLong()).isEqualTo(threads * each);
    }

    private UsageWriter writer(HandOver handOver, long capacityBytes) {
        return new UsageWriter(handOver, text(), List.of(new Backlog("test", outlet, capacityBytes, counts)));
    }

    private static EventText text() {
        return new EventText("00c0ffee00c0ffee", "example.org", Addresses.FULL);
    }

    private JsonNode last() throws IOException {
        return JSON.readTree(outlet.lines.get(outlet.lines.size() - 1));
    }

    private List<Long> sequences() throws IOException {
        List<Long> all = new ArrayList<>();
        for (String line : outlet.lines) {
            all.add(JSON.readTree(line).get("sequence").asLong());
        }
        return all;
    }

    private List<String> types() throws IOException {
        List<String> all = new ArrayList<>();
        for (String line : outlet.lines) {
            all.add(JSON.readTree(line).get("type").asText());
        }
        return all;
    }
}
