package dev.culvert.ice.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.ice.gather.Candidate;
import dev.culvert.ice.gather.CandidateAddress;
import dev.culvert.ice.gather.CandidateExtension;
import dev.culvert.ice.gather.CandidateType;
import dev.culvert.ice.gather.TcpType;
import dev.culvert.testkit.Rfc;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CandidateAttributeTest {
    /** From RFCs, Chromium and aioice. */
    static List<String> lines() {
        return List.of(
                // RFC 8839 §5.1, RFC 8838 §9, RFC 6544 appendix C.
                "candidate:2 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 203.0.113.141 rport 8998",
                "candidate:1 1 UDP 2130706431 2001:db8::1 5000 typ host ufrag 8hhY",
                "candidate:1 1 TCP 2128609279 10.0.1.1 9 typ host tcptype active",
                "candidate:3 1 TCP 2120220671 192.0.2.1 3482 typ srflx raddr 10.0.1.1 rport 8999 tcptype so",
                // Captured from Chromium.
                "candidate:2797843424 1 udp 2113937151 665793ad-f371-4f53-9155-b4e4cd51ee95.local 54566 typ host"
                        + " generation 0 ufrag kAXx network-cost 999",
                // As Chromium writes other kinds.
                "candidate:1853887674 1 udp 1518280447 203.0.113.196 36768 typ srflx raddr 192.168.0.196 rport 36768"
                        + " generation 0 ufrag EEtu network-id 1 network-cost 10",
                "candidate:750991856 1 udp 25108223 192.0.2.30 51472 typ relay raddr 203.0.113.7 rport 54179 generation"
                        + " 0 ufrag EEtu network-id 1",
                "candidate:435653019 1 tcp 1845501695 192.168.0.196 9 typ host tcptype active generation 0 ufrag EEtu",
                // Captured from aioice.
                "candidate:f957a2332b1715da3b0ef8ba684454eb 1 udp 2130706431 192.0.2.2 40761 typ host",
                "candidate:d0bcf3d9c29a2bc887618212a1623bfa 2 udp 2130706430 fd00::2 44390 typ host",
                "candidate:0 1 UDP 2122252543 192.168.99.7 33543 typ host");
    }

    @ParameterizedTest
    @MethodSource("lines")
    @Rfc({"8839#5.1 (1)", "8839#5.1 (2)", "6544#4.5"})
    void linesOfOthersAreReadAndWrittenAsTheyWere(String line) {
        Candidate candidate = CandidateAttribute.parse(line);

        assertThat(CandidateAttribute.format(candidate)).isEqualTo(line);
        assertThat(CandidateAttribute.parse("a=" + line + "\r\n")).isEqualTo(candidate);
    }

    @Test
    @Rfc({"8839#5.1 (1)", "8839#5.1 (2)"})
    void fieldsAreThoseOfTheLine() {
        Candidate candidate = CandidateAttribute.parse(
                "a=candidate:7+/ 2 TCP 25108223 a.local 9 typ relay raddr :: rport 1 tcptype passive x  y z");

        assertThat(candidate)
                .isEqualTo(new Candidate(
                        "7+/",
                        2,
                        "TCP",
                        25108223,
                        new CandidateAddress("a.local", 9),
                        CandidateType.RELAY,
                        Optional.of(new CandidateAddress("::", 1)),
                        Optional.of(TcpType.PASSIVE),
                        List.of(new CandidateExtension("x", ""), new CandidateExtension("y", "z"))));
        assertThat(candidate.address().isMulticastName()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "b=candidate:1 1 UDP 1 192.0.2.1 1 typ host | column 1: an attribute 'candidate:' is expected",
                "candidate: 1 UDP 1 192.0.2.1 1 typ host | column 11: the foundation is missing",
                "candidate:a-b 1 UDP 1 192.0.2.1 1 typ host | column 11: the foundation is 1 to 32",
                "candidate:1 0 UDP 1 192.0.2.1 1 typ host | column 13: the component is a number from 1 to 256",
                "candidate:1 1 U@P 1 192.0.2.1 1 typ host | column 15: the transport is a token",
                "candidate:1 1 UDP 0 192.0.2.1 1 typ host | column 19: the priority is a number from 1 to 2147483647",
                "candidate:1 1 UDP 2147483648 192.0.2.1 1 typ host | column 19: the priority",
                "candidate:1 1 UDP 1 192.0.2.1/8 1 typ host | column 21: neither an IP address nor a host name",
                "candidate:1 1 UDP 1 192.0.2.1 65536 typ host | column 31: the port is a number from 0 to 65535",
                "candidate:1 1 UDP 1 192.0.2.1 +1 typ host | column 31: the port",
                "candidate:1 1 UDP 1 192.0.2.1 1 type host | column 33: 'typ' is expected",
                "candidate:1 1 UDP 1 192.0.2.1 1 typ hose | column 37: the type is host, srflx, prflx or relay",
                "candidate:1 1 UDP 1 192.0.2.1 1 typ srflx raddr 192.0.2.1 | column 58: 'rport' is missing",
                "candidate:1 1 TCP 1 192.0.2.1 1 typ host tcptype fast | column 50: the TCP type is active, passive or so",
                "candidate:1 1 UDP 1 192.0.2.1 1 typ host generation | column 52: the value of 'generation' is missing",
            })
    void errorsNameThePlace(String line, String fault) {
        assertThatThrownBy(() -> CandidateAttribute.parse(line))
                .isInstanceOf(SdpSyntaxException.class)
                .hasMessageContaining(fault);
    }

    @Test
    @Rfc("8839#5.1 (2)")
    void anyCandidateComesBackAsItWas() {
        for (long seed = 0; seed < 2000; seed++) {
            Candidate candidate = randomCandidate(new Random(seed));

            assertThat(CandidateAttribute.parse(CandidateAttribute.format(candidate)))
                    .as("seed %d", seed)
                    .isEqualTo(candidate);
        }
    }

    @Test
    void damagedLinesAreReadOrRefusedWithAPlace() {
        List<String> lines = lines();
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            String damaged = damage(lines.get(random.nextInt(lines.size())), random);
            try {
                Candidate read = CandidateAttribute.parse(damaged);
                assertThat(CandidateAttribute.parse(CandidateAttribute.format(read)))
                        .as("seed %d: %s", seed, damaged)
                        .isEqualTo(read);
            } catch (SdpSyntaxException e) {
                assertThat(e.column()).as("seed %d: %s", seed, damaged).isBetween(0, damaged.length());
            }
        }
    }

    private static String damage(String line, Random random) {
        StringBuilder text = new StringBuilder(line);
        for (int i = 0; i <= random.nextInt(4); i++) {
            int at = random.nextInt(Math.max(1, text.length()));
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, (char) random.nextInt(128));
                case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(5)));
                case 2 -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(9))));
                default -> text.setCharAt(Math.min(at, text.length() - 1), (char) random.nextInt(0x300));
            }
            if (text.isEmpty()) {
                return " ";
            }
        }
        return text.toString();
    }

    private static Candidate randomCandidate(Random random) {
        List<CandidateExtension> extensions = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            String value = random.nextInt(5) == 0 ? "" : "v" + random.nextInt(1000);
            extensions.add(new CandidateExtension("name-" + random.nextInt(100), value));
        }
        return new Candidate(
                Integer.toString(random.nextInt() >>> 1, 36),
                1 + random.nextInt(256),
                random.nextBoolean() ? "UDP" : "tcp",
                1 + random.nextInt(Integer.MAX_VALUE - 1),
                randomAddress(random),
                CandidateType.values()[random.nextInt(4)],
                random.nextBoolean() ? Optional.empty() : Optional.of(randomAddress(random)),
                random.nextBoolean() ? Optional.empty() : Optional.of(TcpType.values()[random.nextInt(3)]),
                extensions);
    }

    private static CandidateAddress randomAddress(Random random) {
        String host = switch (random.nextInt(3)) {
            case 0 -> "192.0.2." + random.nextInt(256);
            case 1 -> "2001:db8::" + Integer.toHexString(1 + random.nextInt(0xFFFE));
            default -> "host-" + random.nextInt(100) + ".local";
        };
        return new CandidateAddress(host, random.nextInt(0x10000));
    }
}
