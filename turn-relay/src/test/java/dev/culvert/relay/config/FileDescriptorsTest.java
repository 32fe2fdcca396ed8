package dev.culvert.relay.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FileDescriptorsTest {
    @Test
    void roomIsLeftForTheProgramAndItsConnections() {
        assertThat(FileDescriptors.allocations(1_048_576, 10_000)).isEqualTo(1_048_576 - 256 - 10_000);
    }

    @Test
    void connectionsTakeNoMoreThanHalfOfTheRoom() {
        assertThat(FileDescriptors.allocations(20_000, 10_000)).isEqualTo((20_000 - 256) / 2);
        assertThat(FileDescriptors.allocations(1_024, 10_000)).isEqualTo(384);
        assertThat(FileDescriptors.allocations(64, 10_000)).isEqualTo(1);
    }

    @Test
    void anyLimitMakesANumber() {
        assertThat(FileDescriptors.allocations(Long.MAX_VALUE, 1)).isEqualTo(Integer.MAX_VALUE);
        assertThat(FileDescriptors.allocations(-1, 1)).isEqualTo(16_384);
        assertThat(FileDescriptors.allocations(10_000)).isPositive();
    }
}
