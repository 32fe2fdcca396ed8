package dev.culvert.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.Requirements;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceNotifierTest {
    private static final String OWN_PID = Long.toString(ProcessHandle.current().pid());

    @TempDir
    Path directory;

    @BeforeAll
    static void needsUnixDatagrams() {
        Requirements.linux();
    }

    @Test
    void aSignOfLifeIsDueTwiceInTheTimeThatSystemdWaits() {
        assertThat(watched("30000000", OWN_PID).watchdogPeriod()).contains(Duration.ofSeconds(15));
        assertThat(new ServiceNotifier(Map.of("NOTIFY_SOCKET", "@a", "WATCHDOG_USEC", "30000000")).watchdogPeriod())
                .contains(Duration.ofSeconds(15));
    }

    @Test
    void noSignOfLifeIsDueWhereNobodyWaitsForIt() {
        assertThat(watched("30000000", "1").watchdogPeriod()).isEmpty();
        assertThat(watched("0", OWN_PID).watchdogPeriod()).isEmpty();
        assertThat(watched("soon", OWN_PID).watchdogPeriod()).isEmpty();
        assertThat(watched("99999999999999999999", OWN_PID).watchdogPeriod()).isEmpty();
        assertThat(new ServiceNotifier(Map.of("WATCHDOG_USEC", "30000000")).watchdogPeriod())
                .isEmpty();
        assertThat(new ServiceNotifier(Map.of()).watchdogPeriod()).isEmpty();
    }

    private static ServiceNotifier watched(String micros, String pid) {
        return new ServiceNotifier(Map.of("NOTIFY_SOCKET", "@a", "WATCHDOG_USEC", micros, "WATCHDOG_PID", pid));
    }

    @Test
    void aReloadDuringTheStopIsNotToldAsASecondStart() throws Exception {
        String name = directory.resolve("notify").toString();
        try (UnixReceiver systemd = UnixReceiver.bind(name)) {
            ServiceNotifier notifier = new ServiceNotifier(Map.of("NOTIFY_SOCKET", name));
            notifier.stopping(Duration.ofSeconds(7));
            notifier.reloading();
            notifier.ready();
            notifier.alive();

            systemd.awaitDatagram("WATCHDOG=1");

            assertThat(systemd.received()).containsExactly("STOPPING=1\nEXTEND_TIMEOUT_USEC=7000000", "WATCHDOG=1");
        }
    }

    @Test
    void aSocketThatIsNotThereEndsNothing() {
        new ServiceNotifier(Map.of("NOTIFY_SOCKET", directory.resolve("nobody").toString())).ready();
    }
}
