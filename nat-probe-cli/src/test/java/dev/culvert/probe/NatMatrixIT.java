package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.testkit.lab.LabCommand;
import dev.culvert.testkit.lab.LabHost;
import dev.culvert.testkit.lab.LinuxNat;
import dev.culvert.testkit.lab.NatLab;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code nat-probe} behind real NATs, asking our server (203.0.113.1 and .2, with receipts) and coturn (.3 and .4): what
 * it says is what the NAT is, on a first run and on a second one from the same ports.
 */
@Execution(ExecutionMode.CONCURRENT)
class NatMatrixIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path logs;

    /** A place to stand behind, and what is true of it. */
    enum Place {
        OPEN(() -> NatLab.behind(LinuxNat.NONE), "none", "endpoint-independent", "open", 0),
        FIREWALL_ONLY(() -> NatLab.behind(LinuxNat.FIREWALL_ONLY), "none", "address-and-port-dependent", "firewall", 0),
        FULL_CONE(
                () -> NatLab.behind(LinuxNat.FULL_CONE),
                "endpoint-independent",
                "endpoint-independent",
                "full-cone",
                0),
        RESTRICTED_CONE(
                () -> NatLab.behind(LinuxNat.RESTRICTED_CONE),
                "endpoint-independent",
                "address-dependent",
                "restricted-cone",
                0),
        PORT_RESTRICTED_CONE(() -> NatLab.behind(LinuxNat.PORT_RESTRICTED_CONE)),
        MASQUERADE_INPUT_OPEN(() -> NatLab.behind(LinuxNat.MASQUERADE_INPUT_OPEN)),
        MASQUERADE_INPUT_DROPPED(() -> NatLab.behind(LinuxNat.MASQUERADE_INPUT_DROPPED)),
        PORTS_NOT_PRESERVED(() -> NatLab.behind(LinuxNat.PORTS_NOT_PRESERVED)),
        ADDRESS_DEPENDENT_MAPPING(
                () -> NatLab.behind(LinuxNat.ADDRESS_DEPENDENT_MAPPING),
                "address-dependent",
                "address-and-port-dependent",
                "symmetric",
                10),
        SYMMETRIC_RANDOM(
                () -> NatLab.behind(LinuxNat.SYMMETRIC_RANDOM),
                "address-and-port-dependent",
                "address-and-port-dependent",
                "symmetric",
                10),
        SYMMETRIC_SEQUENTIAL(
                () -> NatLab.behind(LinuxNat.SYMMETRIC_SEQUENTIAL),
                "address-and-port-dependent",
                "address-and-port-dependent",
                "symmetric",
                10),
        UDP_BLOCKED(() -> NatLab.behind(LinuxNat.UDP_BLOCKED), "blocked", "unknown", "udp-blocked", 20),
        DOUBLE_NAT(() -> NatLab.behindTwo(LinuxNat.MASQUERADE_INPUT_DROPPED, LinuxNat.MASQUERADE_INPUT_DROPPED)),
        DOUBLE_NAT_SYMMETRIC_CARRIER(
                () -> NatLab.behindTwo(LinuxNat.MASQUERADE_INPUT_DROPPED, LinuxNat.SYMMETRIC_RANDOM),
                "address-and-port-dependent",
                "address-and-port-dependent",
                "symmetric",
                10),
        LOSSY(() -> NatLab.behind(LinuxNat.LOSSY)),
        IPV6_OPEN(() -> NatLab.behind(LinuxNat.IPV6_OPEN), "none", "endpoint-independent", "open", 0),
        IPV6_FIREWALL(() -> NatLab.behind(LinuxNat.IPV6_FIREWALL), "none", "address-and-port-dependent", "firewall", 0);

        private final Supplier<NatLab> lab;
        private final String mapping;
        private final String filtering;
        private final String classic;
        private final int exit;

        /** Endpoint-independent mapping with address-and-port-dependent filtering, the most common of all. */
        Place(Supplier<NatLab> lab) {
            this(lab, "endpoint-independent", "address-and-port-dependent", "port-restricted-cone", 0);
        }

        Place(Supplier<NatLab> lab, String mapping, String filtering, String classic, int exit) {
            this.lab = lab;
            this.mapping = mapping;
            this.filtering = filtering;
            this.classic = classic;
            this.exit = exit;
        }

        boolean isIpv6() {
            return this == IPV6_OPEN || this == IPV6_FIREWALL;
        }

        List<String> servers() {
            return isIpv6() ? List.of("[2001:db8:1::1]", "[2001:db8:1::3]") : List.of("203.0.113.1", "203.0.113.3");
        }
    }

    @BeforeAll
    static void namespacesWork() {
        LabServers.require();
    }

    @ParameterizedTest
    @EnumSource
    void natProbeNamesWhatItStandsBehind(Place place) throws IOException {
        try (NatLab net = place.lab.get()) {
            LabServers.start(net.outside(), logs);

            assertTold(place, probe(net.client(), place));
            assertTold(
                    place,
                    probe(net.client(), place)); // the same source ports: what the first run left must not matter
        }
    }

    private static LabCommand probe(LabHost client, Place place) {
        List<String> arguments = new ArrayList<>(List.of("--json", "--source-port", "40000"));
        arguments.addAll(place.servers());
        return LabServers.natProbe(client, arguments.toArray(String[]::new));
    }

    private static void assertTold(Place place, LabCommand told) throws IOException {
        JsonNode verdict = JSON.readTree(told.out()).path("verdict");
        assertThat(List.of(
                        verdict.path("mapping").asText(),
                        verdict.path("filtering").asText(),
                        verdict.path("classic").asText(),
                        Integer.toString(told.exit())))
                .as("%s%n%s%n%s", place, told.out(), told.err())
                .containsExactly(place.mapping, place.filtering, place.classic, Integer.toString(place.exit));
    }
}
