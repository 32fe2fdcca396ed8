package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.Requirements;
import dev.culvert.testkit.lab.LabCommand;
import dev.culvert.testkit.lab.LabHost;
import dev.culvert.testkit.lab.NamespaceLab;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The doctor on a machine of its own, which is well and then is not. */
@Tag("portable")
class DoctorIT {
    private static final String JAR =
            Objects.requireNonNull(System.getProperty("culvert.turn-relay.jar"), "run by mvn verify");
    private static final String ADDRESS = "5.5.5.1";

    @Test
    void aMachineThatIsWellIsToldFromOneThatIsNot() {
        Requirements.networkNamespaces();
        Requirements.command("nft");
        try (NamespaceLab lab = NamespaceLab.open()) {
            LabHost server = lab.host("server");
            lab.cable(server, "s0", lab.host("router"), "r0");
            server.address("s0", ADDRESS + "/24").sysctl("net.ipv4.ip_local_port_range", "32768 49151");

            LabCommand well = doctor(server, "udp:" + ADDRESS + ":3478");

            assertThat(well.exit()).as(well.out() + well.err()).isZero();
            assertThat(well.out())
                    .contains(
                            "ok    public address: clients are told 5.5.5.1\n",
                            "ok    listeners: every port can be opened (1)\n",
                            "ok    relay ports: 49152-65535 on 5.5.5.1 can be opened (64 of 64 tried)")
                    .doesNotContain("net.ipv4.ip_local_port_range");

            server.nft(
                    "table inet closed { chain input { type filter hook input priority 0; udp dport 49152-65535 drop; }; }\n");
            server.address("s0", "10.0.0.5/24").sysctl("net.ipv4.ip_local_port_range", "32768 60999");
            LabCommand ill = doctor(server, "udp:10.0.0.5:3478");

            assertThat(ill.exit()).isEqualTo(1);
            assertThat(ill.out())
                    .contains(
                            "error public address: none is known: clients are told 10.0.0.5 (Private-Use, RFC 1918);",
                            "error relay ports: a packet of this host to 10.0.0.5:49152 does not arrive;",
                            "warn  relay ports: other programs' outgoing packets take 49152-60999 of them too");
        }
    }

    private static LabCommand doctor(LabHost host, String listener) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return host.run(
                java,
                "-Xmx64m",
                "-jar",
                JAR,
                "doctor",
                "--realm=example.org",
                "--user=alice:wonderland",
                "--no-admin",
                "--listen=" + listener);
    }
}
