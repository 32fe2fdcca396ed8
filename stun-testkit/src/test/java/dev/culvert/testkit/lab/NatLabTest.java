package dev.culvert.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.Requirements;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NatLabTest {
    @BeforeAll
    static void theMachineCanDoIt() {
        Requirements.root();
        Requirements.networkNamespaces();
        Requirements.command("nft");
    }

    @ParameterizedTest
    @EnumSource
    void theRulesOfEveryRouterLoad(LinuxNat nat) {
        try (NatLab net = NatLab.behind(nat)) {
            assertThat(net.router().run("nft", "list", "tables").check().out().isBlank())
                    .isEqualTo(nat.rules().isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.2", "2001:db8:1::2"})
    void theOutsideAnswersTheClient(String address) {
        try (NatLab net = NatLab.behind(LinuxNat.MASQUERADE_INPUT_DROPPED)) {
            assertThat(net.client().run("ping", "-c1", "-W2", address).exit()).isZero();
        }
    }

    @Test
    void twoRoutersStandInARow() {
        try (NatLab net = NatLab.behindTwo(LinuxNat.MASQUERADE_INPUT_DROPPED, LinuxNat.MASQUERADE_INPUT_DROPPED)) {
            assertThat(net.client().run("ping", "-c1", "-W2", "203.0.113.2").exit())
                    .isZero();
        }
    }

    @Test
    void nothingIsLeftBehind() {
        LabCommand before = LabCommand.run(List.of("ip", "netns", "list"), "");

        NatLab.behind(LinuxNat.NONE).close();

        assertThat(LabCommand.run(List.of("ip", "netns", "list"), "").out()).isEqualTo(before.out());
    }
}
