package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.core.RelayUnderTest.Options;
import dev.culvert.server.core.Counters;
import java.util.List;
import org.junit.jupiter.api.Test;

class RelayCountersTest {
    private final Options options = new Options();
    private final TestClient alice = TestClient.alice("198.51.100.7:40000");
    private final TestClient bob = TestClient.bob("198.51.100.8:40000");

    @Test
    void everyCounterSaysWhatItCountsInWordsOfItsOwn() {
        assertThat(RelayCounter.values())
                .extracting(RelayCounter::meaning)
                .doesNotHaveDuplicates()
                .allSatisfy(meaning -> assertThat(meaning).isNotBlank().doesNotEndWith("."));
    }

    @Test
    void noNameEndsInAWayThatPrometheusKeepsForItself() {
        assertThat(RelayCounter.values())
                .extracting(RelayCounter::name)
                .noneMatch(name -> name.matches(".*_(CREATED|TOTAL|INFO|BUCKET)"));
    }

    @Test
    void sumIsThatOfAllPartsAndNotOneOfThem() {
        Counters<RelayCounter> one = new Counters<>(RelayCounter.class);
        Counters<RelayCounter> two = new Counters<>(RelayCounter.class);
        one.increment(RelayCounter.CHALLENGES);
        two.increment(RelayCounter.CHALLENGES);
        two.add(RelayCounter.BYTES_TO_PEERS, 100);

        Counters<RelayCounter> sum = Counters.sum(RelayCounter.class, List.of(one, two));

        assertThat(sum).hasToString("[CHALLENGES=2, BYTES_TO_PEERS=100]");
        assertThat(one).hasToString("[CHALLENGES=1]");
    }

    @Test
    @ExclusivePorts
    void portsThatAreAllTakenAndSocketsThatAreNotToBeHadAreToldApart() {
        options.ledger = new Ledger(50_000, 50_000, 10, 10);
        RelayUnderTest relay = new RelayUnderTest(options);
        relay.machine.descriptorsLeft = 0;

        relay.refuse(alice, Ask.allocate(), 508);
        relay.machine.descriptorsLeft = 1;
        relay.allocate(alice);
        relay.refuse(bob, Ask.allocate(), 508);

        Counters<RelayCounter> counters = relay.server.counters();
        assertThat(counters.value(RelayCounter.SOCKETS_REFUSED)).isOne();
        assertThat(counters.value(RelayCounter.PORTS_FULL)).isOne();
        assertThat(counters.value(RelayCounter.ALLOCATIONS_REFUSED)).isEqualTo(2);
    }
}
