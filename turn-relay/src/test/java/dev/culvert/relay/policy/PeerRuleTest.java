package dev.culvert.relay.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.culvert.server.config.InvalidValueException;
import dev.culvert.stun.IpAddress;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerRuleTest {
    private static final String ALPHABET = "0123456789abcdef:./[],-% é";
    private static final List<String> GOOD = List.of(
            "192.0.2.7",
            "10.0.0.0/8:80,443",
            "[2001:db8::/32]:5060-5070",
            "2001:db8::/32",
            "::ffff:10.0.0.0/104",
            "::/0");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0/0",
                "10.0.0.0/8",
                "192.0.2.7/32",
                "192.0.2.0/24:5060",
                "192.0.2.0/24:80,443,8000-8999",
                "::/0",
                "2001:db8::/32",
                "2001:db8::7/128",
                "[2001:db8::/32]:5060",
                "[64:ff9b::a00:0/104]:1-65535"
            })
    void canonicalTextRoundTrips(String text) throws InvalidValueException {
        assertThat(PeerRule.allow(text).text()).isEqualTo(text);
        assertThat(PeerRule.allow(text).toString()).isEqualTo("--allow-peer " + text);
        assertThat(PeerRule.deny(text).toString()).isEqualTo("--deny-peer " + text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.2.7                    | 192.0.2.7/32",
                "192.0.2.7:5060               | 192.0.2.7/32:5060",
                "2001:db8::7                  | 2001:db8::7/128",
                "[2001:db8::7]:5060           | [2001:db8::7/128]:5060",
                "[2001:DB8:0::/32]            | 2001:db8::/32",
                "10.0.0.0/8:443,80,81,90-95   | 10.0.0.0/8:80-81,90-95,443",
                "10.0.0.0/8:1-9,3-4,10        | 10.0.0.0/8:1-10",
                "::ffff:10.0.0.0/104          | 10.0.0.0/8",
                "[::ffff:0:0/96]:53           | 0.0.0.0/0:53",
                "::ffff:192.0.2.7             | 192.0.2.7/32"
            })
    void otherSpellingsBecomeCanonical(String text, String canonical) throws InvalidValueException {
        PeerRule rule = PeerRule.deny(text);

        assertThat(rule.text()).isEqualTo(canonical);
        assertThat(PeerRule.deny(rule.text())).isEqualTo(rule);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                        | \"\" is not an IP address                         | write for example 192.0.2.0/24",
                "example.org               | \"example.org\" is not an IP address              | write for example 192.0.2.0/24",
                "10.0.0                    | \"10.0.0\" is not an IP address                   | write for example 192.0.2.0/24",
                "010.0.0.0/8               | \"010.0.0.0\" is not an IP address                | write for example 192.0.2.0/24",
                "fe80::1%eth0              | \"fe80::1%eth0\" is not an IP address             | write for example 192.0.2.0/24",
                "10.0.0.0/33               | the prefix length is not a number from 0 to 32    | write for example 192.0.2.0/24",
                "10.0.0.0/                 | the prefix length is not a number from 0 to 32    | write for example 192.0.2.0/24",
                "10.0.0.0/255.0.0.0        | the prefix length is not a number from 0 to 32    | write for example 192.0.2.0/24",
                "10.0.0.0/-1               | the prefix length is not a number from 0 to 32    | write for example 192.0.2.0/24",
                "2001:db8::/129            | the prefix length is not a number from 0 to 128   | write for example 2001:db8::/32",
                "10.0.0.7/8                | 10.0.0.7 has bits set behind its first 8          | write 10.0.0.0/8 for the prefix or 10.0.0.7 for",
                "2001:db8::1/64            | 2001:db8::1 has bits set behind its first 64      | write 2001:db8::/64 for the prefix",
                "::ffff:10.0.0.7/104       | ::ffff:10.0.0.7 has bits set behind its first 104 | write 10.0.0.0/8 for the prefix",
                "10.0.0.0/8:               | \"\" is not a port                                | write ports as 5060",
                "10.0.0.0/8:sip            | \"sip\" is not a port                             | write ports as 5060",
                "10.0.0.0/8:0              | \"0\" is not a port                               | each 1 to 65535",
                "10.0.0.0/8:65536          | \"65536\" is not a port                           | each 1 to 65535",
                "10.0.0.0/8:80,            | \"\" is not a port                                | write ports as 5060",
                "10.0.0.0/8:80, 443        | \" 443\" is not a port                            | write ports as 5060",
                "10.0.0.0/8:-80            | \"-80\" is not a port range                       | write ports as 5060",
                "10.0.0.0/8:80-            | \"80-\" is not a port range                       | write ports as 5060",
                "10.0.0.0/8:1-2-3          | \"1-2-3\" is not a port range                     | write ports as 5060",
                "10.0.0.0/8:90-80          | the port range 90-80 ends before it begins        | write 80-90",
                "2001:db8::/32:5060        | an IPv6 prefix with ports but without brackets    | write [2001:db8::/32]:5060",
                "[2001:db8::]/32:5060      | the prefix length stands behind the bracket       | [2001:db8::/32]:5060",
                "[2001:db8::/32            | the bracket is not closed                         | [2001:db8::/32]:5060",
                "[2001:db8::/32]5060       | \"5060\" behind the bracket                       | [2001:db8::/32]:5060",
                "[2001:db8::/32]:          | \"\" is not a port                                | write ports as 5060",
                "[10.0.0.0/8]:80           | an IPv4 prefix in brackets                        | write 10.0.0.0/8:80"
            })
    void errorSaysWhatIsWrongAndWhatWouldBeRight(String text, String wrong, String right) {
        InvalidValueException error = catchThrowableOfType(InvalidValueException.class, () -> PeerRule.allow(text));

        assertThat(error.wrong()).isEqualTo(wrong);
        assertThat(error.right()).contains(right);
    }

    @Test
    void anyTextIsARuleThatRoundTripsOrAnError() throws InvalidValueException {
        Random random = new Random(3);
        int rules = 0;
        for (int i = 0; i < 200_000; i++) {
            String text = mutated(random);
            try {
                PeerRule rule = PeerRule.deny(text);
                rules++;
                assertThat(PeerRule.deny(rule.text())).as(text).isEqualTo(rule);
            } catch (InvalidValueException e) {
                assertThat(e.wrong()).as(text).isNotBlank();
                assertThat(e.right()).as(text).isNotBlank();
            }
        }
        assertThat(rules).isBetween(10_000, 190_000);
    }

    /** A good rule with a few characters changed, lost or added. */
    private static String mutated(Random random) {
        StringBuilder text = new StringBuilder(GOOD.get(random.nextInt(GOOD.size())));
        for (int edits = random.nextInt(4); edits > 0; edits--) {
            char next = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, next);
                case 1 -> text.deleteCharAt(at).append(next);
                default -> text.insert(at, next);
            }
        }
        return text.toString();
    }

    @Test
    void portsHoldTheirEndsAndNoMore() {
        Ports ports = new Ports(List.of(new Ports.Range(80, 80), new Ports.Range(8000, 8999)));

        assertThat(List.of(80, 8000, 8500, 8999)).allMatch(ports::contains);
        assertThat(List.of(0, 79, 81, 7999, 9000, 65535)).noneMatch(ports::contains);
        assertThat(List.of(0, 1, 65535)).allMatch(Ports.ALL::contains);
    }

    @Test
    void valuesThatAreNoneAreRefused() {
        IpAddress address = IpAddress.v4(0x0A000007);

        assertThatThrownBy(() -> new IpPrefix(address, 33)).hasMessageContaining("33");
        assertThatThrownBy(() -> new IpPrefix(address, -1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> new IpPrefix(address, 8)).hasMessageContaining("10.0.0.7");
        assertThatThrownBy(() -> new Ports(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Ports.Range(2, 1)).hasMessageContaining("2-1");
        assertThatThrownBy(() -> new Ports.Range(1, 65536)).hasMessageContaining("65536");
    }
}
