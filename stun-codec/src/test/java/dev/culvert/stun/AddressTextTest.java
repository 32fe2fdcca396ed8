package dev.culvert.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.testkit.Rfc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTextTest {
    @ParameterizedTest
    @CsvSource({
        "2001:0db8:0000:0000:0001:0000:0000:0001, 2001:db8::1:0:0:1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8::0:1, 2001:db8::1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:DB8::ABCD, 2001:db8::abcd",
        "::, ::",
        "0:0:0:0:0:0:0:0, ::",
        "::1, ::1",
        "1::, 1::",
        "1:0:0:0:0:0:0:8, 1::8",
        "0:0:1:2:3:4:5:6, ::1:2:3:4:5:6",
        "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
        "::ffff:192.0.2.1, ::ffff:192.0.2.1",
        "::ffff:c000:0201, ::ffff:192.0.2.1",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "1:2:3:4:5:6:7.8.9.10, 1:2:3:4:5:6:708:90a",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255"
    })
    @Rfc({"5952#4", "4291#2.2"})
    void literalsAreReadAndWrittenInTheCanonicalForm(String text, String canonical) {
        IpAddress address = IpAddress.parse(text).orElseThrow();

        assertThat(address).hasToString(canonical);
        assertThat(IpAddress.parse(canonical)).contains(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":::",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "01.2.3.4",
                "1.2.3.4 ",
                " 1.2.3.4",
                "1..3.4",
                "a.b.c.d",
                "1.2.3.-4",
                "0x1.2.3.4",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "12345::",
                "g::",
                "1:2:3:4:5:6:7:",
                ":1:2:3:4:5:6:7",
                "::1.2.3",
                "1.2.3.4::",
                "::1.2.3.4:5",
                "1:2.3.4.5::",
                "fe80::1%eth0",
                "[::1]",
                "::1/128",
                "1.2.3.4:5",
                "١.2.3.4"
            })
    @Rfc({"5952#4", "4291#2.2"})
    void otherTextsAreNoAddresses(String text) {
        assertThat(IpAddress.parse(text)).isEmpty();
    }

    @Test
    void randomAddressesComeBackAndAgreeWithTheJdk() throws UnknownHostException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(5952);
        for (int i = 0; i < 20_000; i++) {
            long mask = random.nextBoolean() ? 0xFFFF0000FFFF0000L : 0x0000FFFFL << (16 * random.nextInt(4));
            IpAddress v6 = IpAddress.v6(random.nextLong() & mask, random.nextLong() & mask);
            IpAddress v4 = IpAddress.v4(random.nextInt());

            assertThat(IpAddress.parse(v6.toString())).contains(v6);
            assertThat(IpAddress.parse(v4.toString())).contains(v4);
            assertThat(IpAddress.of(v6.toBytes())).isEqualTo(v6);
            assertThat(IpAddress.of(v4.toInetAddress())).isEqualTo(v4);
            assertThat(InetAddress.getByName(v6.toString())).isEqualTo(v6.toInetAddress());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1:0", "192.0.2.1:65535", "[2001:db8::1]:3478", "[::ffff:192.0.2.1]:1"})
    void transportAddressesComeBack(String text) {
        assertThat(TransportAddress.parse(text).orElseThrow()).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "192.0.2.1",
                "192.0.2.1:",
                "192.0.2.1:65536",
                "192.0.2.1:-1",
                "192.0.2.1:+1",
                "192.0.2.1: 1",
                "::1:80",
                "[::1]",
                "[::1]80",
                "[192.0.2.1]:80",
                "[]:80",
                "[::1:80",
                "::1]:80",
                "[[::1]]:80",
                "host:80"
            })
    void otherTextsAreNoTransportAddresses(String text) {
        assertThat(TransportAddress.parse(text)).isEmpty();
    }

    @Test
    void unresolvedAddressesAreACallersMistake() {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("a.example", 1);

        assertThatThrownBy(() -> TransportAddress.of(unresolved)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void addressesAreOrderedByFamilyThenNumber() {
        assertThat(IpAddress.v4(-1)).isGreaterThan(IpAddress.v4(1)).isLessThan(IpAddress.v6(0, 0));
        assertThat(IpAddress.v6(-1, 0)).isGreaterThan(IpAddress.v6(1, -1));
        assertThat(IpAddress.v6(1, -1)).isGreaterThan(IpAddress.v6(1, 1));
    }
}
