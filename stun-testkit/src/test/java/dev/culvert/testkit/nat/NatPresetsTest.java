package dev.culvert.testkit.nat;

import static dev.culvert.testkit.nat.NatLab.A1P1;
import static dev.culvert.testkit.nat.NatLab.A1P2;
import static dev.culvert.testkit.nat.NatLab.A2P1;
import static dev.culvert.testkit.nat.NatLab.A2P2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.culvert.testkit.net.SimulatedSocket;
import java.net.InetSocketAddress;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What packets reveal of each preset is what it says of itself. */
class NatPresetsTest {
    static Stream<Arguments> presets() {
        return Stream.of(
                arguments("full cone", NatBehavior.fullCone()),
                arguments("restricted cone", NatBehavior.restrictedCone()),
                arguments("port restricted cone", NatBehavior.portRestrictedCone()),
                arguments("address-dependent mapping", NatBehavior.addressDependentMapping()),
                arguments("symmetric, random", NatBehavior.symmetricRandom()),
                arguments("symmetric, sequential", NatBehavior.symmetricSequential()),
                arguments("Linux, input closed", NatBehavior.linuxMasquerade(false)),
                arguments("Linux, input open", NatBehavior.linuxMasquerade(true)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("presets")
    void presetBehavesAsNamed(String name, NatBehavior behavior) {
        NatLab lab = NatLab.with(behavior);

        assertThat(mappingSeen(lab)).as(name).isEqualTo(behavior.mapping());
        assertThat(filteringSeen(lab)).as(name).isEqualTo(behavior.filtering());
    }

    private static MappingBehavior mappingSeen(NatLab lab) {
        SimulatedSocket socket = lab.client.open();
        InetSocketAddress first = lab.mappedAddress(socket, A1P1);
        boolean sameForPort = lab.mappedAddress(socket, A1P2).equals(first);
        boolean sameForAddress = lab.mappedAddress(socket, A2P1).equals(first);
        if (sameForPort && sameForAddress) {
            return MappingBehavior.ENDPOINT_INDEPENDENT;
        }
        return sameForPort ? MappingBehavior.ADDRESS_DEPENDENT : MappingBehavior.ADDRESS_AND_PORT_DEPENDENT;
    }

    private static FilteringBehavior filteringSeen(NatLab lab) {
        SimulatedSocket socket = lab.client.open();
        InetSocketAddress mapped = lab.mappedAddress(socket, A1P1);
        if (lab.passes(A2P2, mapped, socket)) {
            return FilteringBehavior.ENDPOINT_INDEPENDENT;
        }
        return lab.passes(A1P2, mapped, socket)
                ? FilteringBehavior.ADDRESS_DEPENDENT
                : FilteringBehavior.ADDRESS_AND_PORT_DEPENDENT;
    }
}
