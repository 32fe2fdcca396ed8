package dev.culvert.relay.usage;

import dev.culvert.relay.core.AllocationView.Traffic;
import dev.culvert.relay.core.RelayEvent.EndReason;
import dev.culvert.relay.usage.UsageEvent.Interim;
import dev.culvert.relay.usage.UsageEvent.Start;
import dev.culvert.relay.usage.UsageEvent.Stop;
import dev.culvert.relay.usage.UsageEvent.Subject;
import dev.culvert.relay.usage.UsageEvent.Weight;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.stun.TransportAddress;
import java.time.Instant;
import java.util.List;

/** Events to test with. */
final class Samples {
    static final Instant TIME = Instant.parse("2030-01-01T10:00:00.250Z");
    static final Subject CAROL = new Subject(
            0xFEDCBA9876543210L,
            new FiveTuple(Transport.TCP, address("203.0.113.5:3478"), address("198.51.100.7:4711")),
            "1893499200:carol \"the\" first\n",
            "carol \"the\" first\n",
            List.of(address("203.0.113.5:50000"), address("[2001:db8::5]:50001")));
    static final Traffic TRAFFIC = new Traffic(Long.MAX_VALUE, 4, 5, 6);

    private Samples() {}

    static UsageEvent event(Weight weight) {
        return switch (weight) {
            case START -> new Start(TIME, CAROL);
            case INTERIM -> new Interim(TIME, CAROL, 1_234_567_890L, TRAFFIC);
            case STOP -> new Stop(TIME, CAROL, 12_000_000_000L, TRAFFIC, EndReason.ENDED_BY_OPERATOR);
        };
    }

    private static TransportAddress address(String text) {
        return TransportAddress.parse(text).orElseThrow();
    }
}
