package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.ice.gather.CandidateType;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Requirements;
import dev.culvert.testkit.lab.LinuxNat;
import dev.culvert.testkit.lab.NatLab;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The library gathers behind NATs in network namespaces, from our server and from coturn at once, over both IP versions and
 * by UDP, TCP and TLS; and every relayed candidate carries data. Prints when each gathering came how far.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("portable")
class GatheringNatsIT {
    private static final String INSIDE = "192.168.7.2";
    private static final String INSIDE_V6 = "2001:db8:7::2";
    private static final String PUBLIC = "198.51.100.2";

    @TempDir
    private static Path folder;

    private TestCertificate certificate;
    private GatheringLab lab;

    /** What stands between a base and the servers. */
    private enum Way {
        /** All servers see the base at one address, be it translated or not. */
        ONE_MAPPING,
        MAPPING_PER_SERVER,
        /** UDP is dropped. */
        STREAMS_ONLY,
        /** Nothing gets through. */
        DEAD;

        boolean passesUdp() {
            return this == ONE_MAPPING || this == MAPPING_PER_SERVER;
        }

        /** How many addresses the servers tell: two from each over UDP, and those of each allocation. */
        int addresses() {
            int transports = this == DEAD ? 0 : passesUdp() ? 3 : 2;
            int reflexive = passesUdp() ? 2 * GatheringLab.SERVERS.size() : 0;
            return reflexive + transports * GatheringLab.RELAYED.size();
        }
    }

    /**
     * A base of the client.
     *
     * @param ip its own address
     * @param seenAs the address by which the servers know it
     */
    private record Base(String ip, String seenAs, Way way) {}

    /** Rules of the one router that the client is behind in most cases. */
    private enum Nat {
        FULL_CONE(LinuxNat.FULL_CONE),
        RESTRICTED_CONE(LinuxNat.RESTRICTED_CONE),
        PORT_RESTRICTED_CONE(LinuxNat.PORT_RESTRICTED_CONE),
        MASQUERADE_INPUT_OPEN(LinuxNat.MASQUERADE_INPUT_OPEN),
        MASQUERADE_INPUT_DROPPED(LinuxNat.MASQUERADE_INPUT_DROPPED),
        PORTS_NOT_PRESERVED(LinuxNat.PORTS_NOT_PRESERVED),
        ADDRESS_DEPENDENT_MAPPING(LinuxNat.ADDRESS_DEPENDENT_MAPPING, Way.MAPPING_PER_SERVER),
        SYMMETRIC_RANDOM(LinuxNat.SYMMETRIC_RANDOM, Way.MAPPING_PER_SERVER),
        SYMMETRIC_SEQUENTIAL(LinuxNat.SYMMETRIC_SEQUENTIAL, Way.MAPPING_PER_SERVER),
        UDP_BLOCKED(LinuxNat.UDP_BLOCKED, Way.STREAMS_ONLY),
        LOSSY(LinuxNat.LOSSY),
        IPV6_FIREWALL(
                LinuxNat.MASQUERADE_INPUT_DROPPED.rules() + LinuxNat.IPV6_FIREWALL.rules(), Way.ONE_MAPPING, INSIDE_V6),
        IPV6_PREFIX(
                LinuxNat.MASQUERADE_INPUT_DROPPED.rules() + LinuxNat.IPV6_PREFIX.rules(),
                Way.ONE_MAPPING,
                "2001:db8:77::2");

        private final String rules;
        private final List<Base> bases;

        Nat(LinuxNat nat) {
            this(nat, Way.ONE_MAPPING);
        }

        Nat(LinuxNat nat, Way way) {
            this(nat.rules(), way, INSIDE_V6);
        }

        Nat(String rules, Way way, String ipv6SeenAs) {
            this.rules = rules;
            this.bases = List.of(
                    new Base(INSIDE, NatLab.ROUTER_ADDRESS, way), new Base(INSIDE_V6, ipv6SeenAs, Way.ONE_MAPPING));
        }
    }

    @BeforeAll
    void open() throws Exception {
        Requirements.networkNamespaces();
        for (String command : List.of("nsenter", "ip", "nft", "ss", "openssl", "turnserver")) {
            Requirements.command(command);
        }
        certificate = TestCertificate.make(folder, "servers", GatheringLab.OURS, GatheringLab.COTURN);
        lab = new GatheringLab(NatLab.behind(LinuxNat.MASQUERADE_INPUT_DROPPED), folder, certificate);
    }

    @AfterAll
    void close() {
        if (lab != null) {
            lab.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void candidatesAreGatheredUsedAndGivenBack(Nat nat) throws Exception {
        lab.behind(nat.rules);

        assertGathersUsesAndGivesBack(nat.name(), lab, nat.bases);
    }

    @Test
    void behindTwoNatsTheOuterOneIsSeenAndADeadFamilyDelaysNothing() throws Exception {
        NatLab net = NatLab.behindTwo(LinuxNat.MASQUERADE_INPUT_DROPPED, LinuxNat.SYMMETRIC_RANDOM);
        try (GatheringLab own = new GatheringLab(net, folder, certificate)) {
            assertGathersUsesAndGivesBack(
                    "DOUBLE_NAT",
                    own,
                    List.of(
                            new Base(INSIDE, NatLab.ROUTER_ADDRESS, Way.MAPPING_PER_SERVER),
                            new Base(INSIDE_V6, "", Way.DEAD)));
        }
    }

    @Test
    void behindAFirewallAlonePublicAddressesAreHostCandidates() throws Exception {
        try (GatheringLab own = new GatheringLab(NatLab.behind(LinuxNat.FIREWALL_ONLY), folder, certificate)) {
            assertGathersUsesAndGivesBack(
                    "FIREWALL_ONLY",
                    own,
                    List.of(
                            new Base(PUBLIC, PUBLIC, Way.ONE_MAPPING),
                            new Base(INSIDE_V6, INSIDE_V6, Way.ONE_MAPPING)));
        }
    }

    private static void assertGathersUsesAndGivesBack(String name, GatheringLab lab, List<Base> bases)
            throws IOException {
        int wanted = bases.stream().mapToInt(base -> base.way().addresses()).sum();
        List<LearnedAddress> learned = lab.gather(wanted);
        System.out.println("gathering behind " + name + ": " + lab.milestones());

        assertThat(of(learned, CandidateType.HOST))
                .as("%s", lab)
                .extracting(host -> host.address().ip().toString())
                .containsExactlyInAnyOrderElementsOf(
                        bases.stream().map(Base::ip).toList());
        for (Base base : bases) {
            List<LearnedAddress> from = learned.stream()
                    .filter(each -> each.base().ip().toString().equals(base.ip()))
                    .toList();
            assertReflexive(base, from, lab);
            assertRelayed(base, from, lab);
        }
        assertPrioritiesAreOrdered(learned);
        List<LearnedAddress> relayed = of(learned, CandidateType.RELAY);
        assertOurServerSawTheRelatedAddresses(relayed, lab);

        List<TransportAddress> addresses =
                relayed.stream().map(LearnedAddress::address).toList();
        assertThat(lab.echoes()).containsExactlyInAnyOrderElementsOf(addresses);
        assertThat(lab.open(addresses)).containsExactlyInAnyOrderElementsOf(addresses);

        lab.closeGathering();

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(lab.open(addresses)).isEmpty());
        for (LearnedAddress each : relayed) {
            if (each.source().contains(GatheringLab.OURS)) {
                lab.awaitDeleted(each.related().orElseThrow());
            }
        }
    }

    /** Each server tells what it sees twice, to a Binding and to an Allocate request. */
    private static void assertReflexive(Base base, List<LearnedAddress> learned, GatheringLab lab) {
        List<LearnedAddress> reflexive = of(learned, CandidateType.SRFLX);
        Set<TransportAddress> different = new HashSet<>();
        for (String server : GatheringLab.SERVERS.keySet()) {
            List<TransportAddress> seen = reflexive.stream()
                    .filter(each -> each.source().contains(server))
                    .map(LearnedAddress::address)
                    .toList();
            assertThat(seen)
                    .as("of %s by %s: %s", base, server, lab)
                    .hasSize(base.way().passesUdp() ? 2 : 0);
            assertThat(seen).allSatisfy(address -> {
                assertThat(address.ip()).hasToString(base.seenAs());
                assertThat(address).isEqualTo(seen.get(0));
            });
            different.addAll(seen);
        }
        if (!base.way().passesUdp()) {
            return;
        }
        assertThat(different).as("%s", base).hasSize(base.way() == Way.ONE_MAPPING ? 1 : GatheringLab.SERVERS.size());
        // RFC 8445 §5.1.3: what equals its base is redundant to the host candidate.
        assertThat(reflexive.stream().filter(LearnedAddress::isCandidate).count())
                .isEqualTo(base.ip().equals(base.seenAs()) ? 0 : different.size());
    }

    private static void assertRelayed(Base base, List<LearnedAddress> learned, GatheringLab lab) {
        List<String> expected = new ArrayList<>();
        for (String relayed : GatheringLab.RELAYED) {
            String server = relayed.split(" ")[0];
            String address = relayed.split(" ")[1];
            if (base.way().passesUdp()) {
                expected.add("turn:" + server + "?transport=udp " + address);
            }
            if (base.way() != Way.DEAD) {
                expected.add("turn:" + server + "?transport=tcp " + address);
                expected.add("turns:" + server + "?transport=tcp " + address);
            }
        }

        List<LearnedAddress> relayed = of(learned, CandidateType.RELAY);

        assertThat(relayed)
                .as("of %s: %s", base, lab)
                .extracting(each -> each.source().replaceFirst(":\\d+", "") + " "
                        + each.address().ip())
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(relayed)
                .allSatisfy(
                        each -> assertThat(each.related().orElseThrow().ip()).hasToString(base.seenAs()));
    }

    private static void assertPrioritiesAreOrdered(List<LearnedAddress> learned) {
        List<LearnedAddress> candidates =
                learned.stream().filter(LearnedAddress::isCandidate).toList();
        assertThat(candidates).extracting(each -> each.priority().getAsLong()).doesNotHaveDuplicates();
        List<String> ranks = candidates.stream()
                .sorted((one, other) -> Long.compare(
                        other.priority().getAsLong(), one.priority().getAsLong()))
                .map(GatheringNatsIT::rank)
                .toList();
        assertThat(ranks).isSorted();
    }

    /** A name that is the later in the alphabet the less the kind of candidate is preferred. */
    private static String rank(LearnedAddress candidate) {
        return switch (candidate.type()) {
            case HOST -> "A host";
            case SRFLX -> "B server-reflexive";
            case RELAY -> candidate.source().endsWith("udp") ? "C relayed" : "D relayed by a stream";
            default -> throw new AssertionError(candidate);
        };
    }

    /** The related address is the mapped one: what the server says must be what it saw. */
    private static void assertOurServerSawTheRelatedAddresses(List<LearnedAddress> relayed, GatheringLab lab) {
        Map<TransportAddress, TransportAddress> clients = lab.clientsOfOurs();
        assertThat(relayed)
                .filteredOn(each -> each.source().contains(GatheringLab.OURS))
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each.related()).contains(clients.get(each.address())));
    }

    private static List<LearnedAddress> of(List<LearnedAddress> learned, CandidateType type) {
        return learned.stream().filter(each -> each.type() == type).toList();
    }
}
