package dev.culvert.ice.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NameServersTest {
    @Test
    void firstServerOfAResolvConfIsTaken() {
        assertThat(first("""
                # nameserver 192.0.2.9
                search example.org
                nameserver 192.0.2.53
                nameserver 192.0.2.54
                """)).isEqualTo("192.0.2.53:53");
        assertThat(first("nameserver\t2001:db8::53   # at home")).isEqualTo("[2001:db8::53]:53");
    }

    @Test
    void whatCannotBeAskedIsPassedOver() {
        assertThat(first("""
                nameserver fe80::1%eth0
                nameserver fe80::1
                nameserver dns.example.org
                nameserver 192.0.2.53
                """)).isEqualTo("192.0.2.53:53");
    }

    @Test
    void fileThatNamesNoneTellsNone() {
        assertThat(first("")).isEqualTo("none");
        assertThat(first("options edns0\n ;nameserver 192.0.2.53\nnameservers 192.0.2.53\nnameserver"))
                .isEqualTo("none");
    }

    private static String first(String lines) {
        return NameServers.first(lines.lines().toList()).map(Object::toString).orElse("none");
    }
}
