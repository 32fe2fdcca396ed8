package dev.culvert.relay.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Requirements;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThisHostTest {
    private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1").orElseThrow();

    private final ThisHost host = new ThisHost();

    @TempDir
    Path folder;

    @Test
    void linuxTellsItsSettingsWhole() {
        Requirements.linux();

        assertThat(host.kernel("net.ipv4.ip_local_port_range"))
                .hasValueSatisfying(range -> assertThat(range).matches("[0-9]{4,5}\\s+[0-9]{4,5}"));
        assertThat(host.kernel("net.core.no_such_thing")).isEmpty();
        assertThat(host.openFiles().orElse(0)).isGreaterThan(100);
        assertThat(host.openFilesHard()).isPresent();
    }

    @Test
    void aHeldPortCannotBeBoundAndAFreeOnePasses() throws Exception {
        TransportAddress address;
        try (DatagramSocket held = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            address = new TransportAddress(LOOPBACK, held.getLocalPort());
            assertThat(host.bindFault(Transport.UDP, address))
                    .hasValueSatisfying(fault -> assertThat(fault).containsIgnoringCase("in use"));
        }

        assertThat(host.bindFault(Transport.UDP, address)).isEmpty();
        assertThat(host.passes(LOOPBACK, address.port())).isTrue();
    }

    @Test
    void namesAreResolvedAndAddressesFound() {
        assertThat(host.addresses()).contains(LOOPBACK);
        assertThat(host.resolve("localhost")).contains(LOOPBACK);
        assertThat(host.resolve("no-such-host.invalid")).isEmpty();
    }

    @Test
    void filesForEverybodyAreKnown() throws Exception {
        Path file = Files.createFile(folder.resolve("key"));

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(host.isReadableByAll(file.toString())).isTrue();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(host.isReadableByAll(file.toString())).isFalse();
        assertThat(host.isReadableByAll("/nonexistent")).isFalse();
    }
}
