package dev.culvert.ice.nat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.nat.PairVerdict.Connection;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairVerdictTest {
    private static final List<IpAddress> LOCAL =
            List.of(IpAddress.parse("192.168.7.2").orElseThrow());

    private static PairSide side(String kind) {
        boolean first = kind.startsWith("a ");
        String[] words = kind.substring(2).split("/");
        MappingBehavior mapping = switch (words[0]) {
            case "none" -> MappingBehavior.NONE;
            case "EIM" -> MappingBehavior.ENDPOINT_INDEPENDENT;
            case "ADM" -> MappingBehavior.ADDRESS_DEPENDENT;
            case "APDM", "steps", "pool" -> MappingBehavior.ADDRESS_AND_PORT_DEPENDENT;
            case "blocked" -> MappingBehavior.BLOCKED;
            default -> MappingBehavior.UNKNOWN;
        };
        FilteringBehavior filtering = switch (words[1]) {
            case "EIF" -> FilteringBehavior.ENDPOINT_INDEPENDENT;
            case "ADF" -> FilteringBehavior.ADDRESS_DEPENDENT;
            case "APDF" -> FilteringBehavior.ADDRESS_AND_PORT_DEPENDENT;
            default -> FilteringBehavior.UNKNOWN;
        };
        boolean symmetric = words[0].equals("moving") || NatType.of(mapping, filtering) == NatType.SYMMETRIC;
        TransportAddress seen = TransportAddress.parse(first ? "203.0.113.10:4000" : "203.0.113.11:4000")
                .orElseThrow();
        return new PairSide(
                first ? "A" : "B",
                mapping,
                filtering,
                symmetric,
                List.of(seen),
                LOCAL,
                !words[0].equals("pool"),
                words[0].equals("steps"),
                0.99);
    }

    private static PairVerdict verdict(String a, String b) {
        return PairVerdict.of(side("a " + a), side("b " + b));
    }

    @ParameterizedTest
    @CsvSource({
        "none/EIF,  APDM/APDF,  DIRECT",
        "EIM/EIF,   EIM/APDF,   DIRECT",
        "EIM/EIF,   APDM/APDF,  DIRECT",
        "EIM/ADF,   EIM/APDF,   SIMULTANEOUS_OPEN",
        "EIM/APDF,  EIM/APDF,   SIMULTANEOUS_OPEN",
        "none/APDF, none/APDF,  SIMULTANEOUS_OPEN",
        "EIM/ADF,   APDM/APDF,  SIMULTANEOUS_OPEN",
        "EIM/ADF,   ADM/APDF,   SIMULTANEOUS_OPEN",
        "EIM/ADF,   pool/APDF,  RELAY",
        "EIM/APDF,  APDM/APDF,  RELAY",
        "EIM/APDF,  ADM/APDF,   RELAY",
        "EIM/APDF,  steps/APDF, PORT_PREDICTION",
        "steps/APDF, steps/APDF, PORT_PREDICTION",
        "steps/APDF, APDM/APDF, RELAY",
        "APDM/APDF, APDM/APDF,  RELAY",
        "APDM/EIF,  APDM/ADF,   DIRECT",
        "APDM/EIF,  APDM/APDF,  RELAY",
        "APDM/EIF,  EIM/ADF,    DIRECT",
        "APDM/EIF,  EIM/APDF,   RELAY",
        "blocked/?, EIM/EIF,    RELAY",
        // What is unknown does not matter where all that it may be comes to the same.
        "EIM/EIF,   ?/?,        DIRECT",
        "EIM/?,     EIM/APDF,   SIMULTANEOUS_OPEN",
        "EIM/?,     APDM/APDF,  UNKNOWN",
        "?/APDF,    EIM/APDF,   UNKNOWN",
        "moving/APDF, EIM/APDF, RELAY",
        "?/?,       ?/?,        UNKNOWN",
    })
    void tableHoldsInBothOrders(String a, String b, Connection expected) {
        assertThat(verdict(a, b).connection()).isEqualTo(expected);
        assertThat(verdict(b, a).connection()).isEqualTo(expected);
        assertThat(verdict(a, b).reason()).isNotEmpty();
    }

    @Test
    void reasonNamesTheSideThatMatters() {
        assertThat(verdict("EIM/APDF", "APDM/APDF").reason()).startsWith("B is seen at another port by each peer");
        assertThat(verdict("APDM/APDF", "EIM/EIF").reason()).startsWith("B lets in packets from anyone");
        assertThat(verdict("blocked/?", "EIM/EIF").reason()).startsWith("A lets no UDP through");
        assertThat(verdict("EIM/?", "APDM/APDF").reason()).contains("the filtering of A");
    }

    @Test
    void nothingIsSureThatWasNotProven() {
        assertThat(verdict("EIM/?", "APDM/APDF").confidence()).isZero();
        assertThat(verdict("EIM/APDF", "EIM/APDF").confidence()).isBetween(0.97, 0.99);
    }

    @Test
    void samePublicAddressIsAMatterOfTheirOwnNetwork() {
        PairSide a = side("a EIM/APDF");

        PairVerdict verdict = PairVerdict.of(a, a);

        assertThat(verdict.connection()).isEqualTo(Connection.LAN_OR_HAIRPIN);
        assertThat(verdict.reason()).contains("203.0.113.10", "hairpin");
    }

    @Test
    void reportsAboutDifferentFamiliesCannotBeCompared() {
        PairSide six = new PairSide(
                "B",
                MappingBehavior.NONE,
                FilteringBehavior.ENDPOINT_INDEPENDENT,
                false,
                List.of(TransportAddress.parse("[2001:db8::1]:4000").orElseThrow()),
                LOCAL,
                true,
                false,
                0.9);

        assertThat(PairVerdict.of(side("a EIM/EIF"), six).connection()).isEqualTo(Connection.UNKNOWN);
    }

    @Test
    void portsThatGoUpByLittleArePredictable() {
        assertThat(PairSide.isPredictable(samples(40_000, 40_001, 40_003, 40_004, 40_005)))
                .isTrue();
        assertThat(PairSide.isPredictable(samples(65_534, 65_535, 1_024, 1_025, 1_026)))
                .isTrue();
        assertThat(PairSide.isPredictable(samples(40_000, 51_233, 1_025, 33_870, 9_000)))
                .isFalse();
        assertThat(PairSide.isPredictable(samples(40_000, 40_001))).isFalse();
        assertThat(PairSide.isPredictable(List.of())).isFalse();
    }

    private static List<PortBehavior.Sample> samples(int... externalPorts) {
        return IntStream.of(externalPorts)
                .mapToObj(port -> new PortBehavior.Sample(5_000, port))
                .toList();
    }
}
