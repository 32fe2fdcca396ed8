package dev.culvert.relay.doctor;

import static dev.culvert.relay.doctor.FakeHost.PRIVATE;
import static dev.culvert.relay.doctor.FakeHost.PUBLIC;
import static dev.culvert.relay.doctor.FakeHost.ip;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DoctorTest {
    private final FakeHost host = new FakeHost();

    @Test
    void onAMachineThatIsWellNothingIsWrong() {
        assertThat(Examination.of(host))
                .allMatch(line -> line.startsWith("ok "))
                .contains(
                        "ok    configuration: is valid",
                        "ok    public address: clients are told 198.41.0.4",
                        "ok    listeners: every port can be opened (4)",
                        "ok    open files: this process may hold 1048576 (hard limit 1048576), which is room for 1038320"
                                + " allocations",
                        "ok    udp buffers: a listener gets the 4194304 bytes that it asks for",
                        "ok    clock: it says 2030-01-01T00:00:00Z, kept by chronyd");
    }

    @Test
    void everythingThatIsWrongWithTheConfigurationIsAFindingBesideTheOthers() {
        List<Finding> findings = Examination.findings(host, "relm: example.org\nthreads: many\n");

        assertThat(findings)
                .extracting(Finding::toString)
                .contains(
                        "error configuration: turn.yaml:1: relm: no such setting; did you mean realm?",
                        "error configuration: turn.yaml:2: threads \"many\": not a whole number;"
                                + " write a number from 1 to 1024",
                        "error configuration: --realm: is missing; give one, for example --realm example.org",
                        "ok    public address: clients are told 198.41.0.4");
    }

    @Test
    void privateAddressesAloneAreNoPublicAddress() {
        host.addresses = List.of(ip("127.0.0.1"), ip(PRIVATE));

        assertThat(Examination.of(host))
                .contains("error public address: none is known: clients are told 10.0.0.5 (Private-Use, RFC 1918);"
                        + " give --external-address PUBLIC/10.0.0.5, or --external-address auto with --stun;"
                        + " on a private network alone nothing is to be done");
        assertThat(Examination.of(host, "external-address: [198.41.0.4/10.0.0.5]"))
                .contains("ok    public address: clients are told 198.41.0.4 in place of 10.0.0.5");
        assertThat(Examination.of(host, "external-address: [auto]", "stun: \"stun:192.0.2.1\""))
                .contains("ok    public address: asked of stun:192.0.2.1 at the start");
    }

    @Test
    void aPrivateAddressBesideAPublicOneIsTold() {
        host.addresses = List.of(ip(PUBLIC), ip("172.17.0.1"), ip("100.64.0.1"));

        assertThat(Examination.of(host))
                .contains("ok    public address: clients are told 198.41.0.4")
                .anyMatch(line -> line.startsWith(
                        "warn  public address: clients that come to these are told 172.17.0.1 (Private-Use, RFC 1918),"
                                + " 100.64.0.1 (Shared Address Space, RFC 6598)"));
    }

    @Test
    void aRelayOnLoopbackIsForThisHostAlone() {
        assertThat(Examination.of(host, "listen: [\"udp:127.0.0.1:3478\"]"))
                .contains("warn  public address: it relays on loopback addresses alone;"
                        + " listen on an address that clients reach");
    }

    @Test
    void aPortThatSomebodyHoldsIsTold() {
        host.held.add(3478);

        assertThat(Examination.of(host, "listen: [\"udp:198.41.0.4:3478\", \"tls:198.41.0.4:3478\"]"))
                .contains(
                        "error listeners: udp 198.41.0.4:3478 cannot be opened: Address already in use;"
                                + " end what holds it (ss -lunp 'sport = :3478' names it), unless that is this server",
                        "error listeners: tcp 198.41.0.4:3478 cannot be opened: Address already in use;"
                                + " end what holds it (ss -ltnp 'sport = :3478' names it), unless that is this server");
    }

    @Test
    void anAddressOfAnotherHostCannotBeListenedOnNorRelayedOn() {
        assertThat(Examination.of(host, "listen: [\"udp:198.41.0.9:3478\"]"))
                .contains("error listeners: udp 198.41.0.9:3478 cannot be opened: Cannot assign requested address;"
                        + " name an address of this host, or * for all of them")
                .contains(
                        "error relay ports: none of 64 tried of 49152-65535 on 198.41.0.9 can be opened: Cannot assign"
                                + " requested address; give --relay-address an address of this host, and --relay-ports ports that"
                                + " nobody holds");
    }

    @Test
    void aPrivilegedPortNeedsTheCapability() {
        host.mayBindEveryPort = false;

        assertThat(Examination.of(host, "listen: [\"udp:198.41.0.4:443\", \"udp:198.41.0.4:3478\"]"))
                .filteredOn(line -> line.startsWith("error"))
                .singleElement()
                .asString()
                .contains("udp 198.41.0.4:443 is a privileged port", "CAP_NET_BIND_SERVICE");
        host.kernel.put("net.ipv4.ip_unprivileged_port_start", "0");
        assertThat(Examination.of(host, "listen: [\"udp:198.41.0.4:443\"]"))
                .noneMatch(line -> line.startsWith("error"));
    }

    @Test
    void aBusyAdminPortIsAnErrorOnlyWhereItWasNamed() {
        host.held.add(9641);

        assertThat(Examination.of(host)).anyMatch(line -> line.startsWith("warn  admin: tcp 127.0.0.1:9641 cannot"));
        assertThat(Examination.of(host, "admin: \"127.0.0.1:9641\""))
                .anyMatch(line -> line.startsWith("error admin: tcp 127.0.0.1:9641 cannot"));
        assertThat(Examination.of(host, "admin: off")).noneMatch(line -> line.contains("admin"));
    }

    @Test
    void relayPortsAreTriedAllOverTheirRange() {
        Examination.of(host, "listen: [\"udp:198.41.0.4:3478\"]", "relay-ports: 50000-50007", "admin: off");

        assertThat(host.tried.stream().map(address -> address.port()).toList())
                .containsExactly(3478, 50000, 50001, 50002, 50003, 50004, 50005, 50006, 50007);
    }

    @Test
    void tooFewRelayPortsAreTold() {
        assertThat(Examination.of(host, "relay-ports: 50000-50099"))
                .contains("warn  relay ports: only 100, and each allocation takes one;"
                        + " widen --relay-ports, or give --relay-mode shared");
        assertThat(Examination.of(
                        host,
                        "listen: [\"udp:198.41.0.4:3478\"]",
                        "relay-ports: 50000-59999",
                        "max-allocations: 20000"))
                .contains("warn  relay ports: 10000 for 20000 allocations, each of which takes one;"
                        + " widen --relay-ports, lower --max-allocations, or give --relay-mode shared");
        assertThat(Examination.of(host, "relay-ports: 50000-50099", "relay-mode: shared", "threads: 8"))
                .contains("warn  relay ports: only 100, of which each event loop would take up to 16;"
                        + " give --relay-ports room for 128");
    }

    @Test
    void aClosedFirewallOfThisHostIsTold() {
        host.passes = false;

        assertThat(Examination.of(host, "listen: [\"udp:198.41.0.4:3478\"]"))
                .contains("error relay ports: a packet of this host to 198.41.0.4:49152 does not arrive;"
                        + " open UDP 49152-65535 in the firewall of this host (nft list ruleset)");
    }

    @Test
    void relayPortsThatOutgoingSocketsTakeTooAreTold() {
        host.kernel.put("net.ipv4.ip_local_port_range", "32768\t60999");

        assertThat(Examination.of(host))
                .contains("warn  relay ports: other programs' outgoing packets take 49152-60999 of them too"
                        + " (net.ipv4.ip_local_port_range);"
                        + " sysctl -w net.ipv4.ip_local_reserved_ports=49152-65535");
        host.kernel.put("net.ipv4.ip_local_reserved_ports", "5000,49152-65535");
        assertThat(Examination.of(host)).noneMatch(line -> line.startsWith("warn  relay ports"));
    }

    @Test
    void aLimitOfOpenFilesBelowWhatIsAskedForIsAnError() {
        host.openFiles = OptionalLong.of(20_000);

        assertThat(Examination.of(host, "max-allocations: 15000"))
                .contains(
                        "error open files: this process may hold 20000 (hard limit 1048576), 15000 allocations and 10000"
                                + " connections need 25256; ulimit -n 25256 before the start (systemd: LimitNOFILE=25256), or"
                                + " lower --max-allocations and --max-connections");
        assertThat(Examination.of(host)).anyMatch(line -> line.contains("room for 9872 allocations"));
    }

    @Test
    void aLimitOfOpenFilesWithLittleRoomIsTold() {
        host.openFiles = OptionalLong.of(1024);

        assertThat(Examination.of(host))
                .anyMatch(line -> line.startsWith("warn  open files: this process may hold 1024 (hard limit 1048576),"
                        + " which is room for 384 allocations; ulimit -n 65536"));
        assertThat(Examination.of(host, "relay-mode: shared", "max-connections: 100"))
                .contains("ok    open files: this process may hold 1024 (hard limit 1048576)");
    }

    @Test
    void smallSocketBuffersAreTold() {
        host.kernel.put("net.core.rmem_max", "212992");

        assertThat(Examination.of(host))
                .contains(
                        "warn  udp buffers: a listener asks for 4194304 bytes, but net.core.rmem_max is 212992: bursts"
                                + " are lost; sysctl -w net.core.rmem_max=4194304");
    }

    @Test
    void aClockThatCannotBeRightIsAnError() {
        host.now = Instant.EPOCH;

        assertThat(Examination.of(host))
                .contains("error clock: it says 1970-01-01T00:00:00Z, before this program was written;"
                        + " set it, and keep it right with chronyd or systemd-timesyncd");
    }

    @Test
    void aClockThatNobodyIsSeenToKeepIsToldWhereCredentialsDependOnIt() {
        host.clockKeeper = Optional.empty();

        assertThat(Examination.of(host)).contains("ok    clock: it says 2030-01-01T00:00:00Z");
        assertThat(Examination.of(host, "shared-secret: [north]"))
                .anyMatch(line -> line.startsWith("warn  clock: it says 2030-01-01T00:00:00Z, and nothing is seen"));
    }

    @Test
    void aStunServerThatLeadsNowhereIsAnError() {
        String[] asked = {"external-address: [auto]", "stun: stun:stun.example.org"};

        assertThat(Examination.of(host, asked))
                .contains("error names: stun.example.org of --stun leads nowhere, so the public address cannot be asked"
                        + " for; look at /etc/resolv.conf, name another --stun, or write --external-address");
        host.names.put("stun.example.org", List.of(ip(PUBLIC)));
        assertThat(Examination.of(host, asked)).contains("ok    names: stun.example.org of --stun leads to 198.41.0.4");
    }

    @Test
    void whatASystemDoesNotTellIsNotAFinding() {
        host.kernel.clear();
        host.openFiles = OptionalLong.empty();

        assertThat(Examination.of(host))
                .allMatch(line -> line.startsWith("ok "))
                .noneMatch(line -> line.contains("udp buffers") || line.contains("open files"));
    }
}
