package dev.culvert.relay.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.relay.policy.IpPrefix;
import dev.culvert.server.config.InvalidValueException;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressRangeTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        192.0.2.7                           | 192.0.2.7/32
        192.0.2.0-192.0.2.255               | 192.0.2.0/24
        192.0.2.255-192.0.3.0               | 192.0.2.255/32 192.0.3.0/32
        192.0.2.1-192.0.2.6                 | 192.0.2.1/32 192.0.2.2/31 192.0.2.4/31 192.0.2.6/32
        0.0.0.0-255.255.255.255             | 0.0.0.0/0
        255.255.255.254-255.255.255.255     | 255.255.255.254/31
        2001:db8::-2001:db8::ffff           | 2001:db8::/112
        ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff | ::/0
        """)
    void prefixesHoldTheRangeAndNothingElse(String range, String prefixes) throws Exception {
        assertThat(text(AddressRange.parse(range))).isEqualTo(prefixes);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        192.0.2.0-192.0.2.7   | 192.0.2.4           | 192.0.2.0/30 + 192.0.2.5/32 192.0.2.6/31
        192.0.2.0-192.0.2.7   | 192.0.2.0-192.0.2.3 | 192.0.2.4/30
        192.0.2.0-192.0.2.7   | 192.0.2.4-192.0.2.9 | 192.0.2.0/30
        192.0.2.0-192.0.2.7   | 192.0.2.8           | 192.0.2.0/29
        192.0.2.0-192.0.2.7   | ::-::ffff           | 192.0.2.0/29
        """)
    void aRangeIsTakenOutOfAnother(String range, String other, String left) throws Exception {
        String parts = AddressRange.parse(range).without(AddressRange.parse(other)).stream()
                .map(AddressRangeTest::text)
                .collect(Collectors.joining(" + "));

        assertThat(parts).isEqualTo(left);
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.9-192.0.2.1", "192.0.2.1-::1", "example.org", "192.0.2.0/24", "192.0.2.1-"})
    void whatIsNoRangeIsRefused(String text) {
        assertThatThrownBy(() -> AddressRange.parse(text)).isInstanceOf(InvalidValueException.class);
    }

    private static String text(AddressRange range) {
        return range.prefixes().stream().map(IpPrefix::toString).collect(Collectors.joining(" "));
    }
}
