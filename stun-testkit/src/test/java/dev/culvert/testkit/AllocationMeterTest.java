package dev.culvert.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class AllocationMeterTest {
    private byte[] kept = new byte[0];
    private int sum;

    @Test
    void seesNothingWhereNothingIsAllocated() {
        ByteBuffer buffer = ByteBuffer.allocate(64);

        double bytes = AllocationMeter.bytesPerOperation(() -> sum += buffer.getInt(0) + buffer.limit());

        assertThat(bytes).isZero();
    }

    @Test
    void seesTheBytesOfAnArray() {
        double bytes = AllocationMeter.bytesPerOperation(() -> kept = new byte[1000]);

        assertThat(bytes).isBetween(1000.0, 1032.0);
        assertThat(kept).hasSize(1000);
    }

    @Test
    void seesAnAllocationThatHappensNowAndThen() {
        double bytes = AllocationMeter.bytesPerOperation(() -> {
            if (++sum % 1000 == 0) {
                kept = new byte[1000];
            }
        });

        assertThat(bytes).isBetween(0.9, 1.2);
    }

    @Test
    void refusesToMeasureNothing() {
        assertThatThrownBy(() -> AllocationMeter.bytesPerOperation(1, 0, () -> {}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
