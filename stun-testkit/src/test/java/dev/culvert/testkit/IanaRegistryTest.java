package dev.culvert.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.IanaRegistry.Entry;
import dev.culvert.testkit.IanaRegistry.SpecialPrefix;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class IanaRegistryTest {
    static Stream<IanaRegistry> registries() {
        return Stream.of(
                IanaRegistry.methods(),
                IanaRegistry.attributes(),
                IanaRegistry.errorCodes(),
                IanaRegistry.passwordAlgorithms());
    }

    @ParameterizedTest
    @MethodSource("registries")
    void valuesAscendAndNamesAreUnique(IanaRegistry registry) {
        assertThat(registry.entries()).extracting(Entry::value).isSorted().doesNotHaveDuplicates();
        assertThat(registry.entries()).extracting(Entry::name).doesNotHaveDuplicates();
    }

    @Test
    void entriesAreFoundByValueAndByName() {
        Entry mappedAddress = new Entry(0x0020, "XOR-MAPPED-ADDRESS", "RFC8489", false);

        assertThat(IanaRegistry.attributes().byValue(0x0020)).contains(mappedAddress);
        assertThat(IanaRegistry.attributes().byName("XOR-MAPPED-ADDRESS")).contains(mappedAddress);
        assertThat(IanaRegistry.attributes().byValue(0x0030)).isEmpty();
        assertThat(IanaRegistry.errorCodes().byValue(438)).map(Entry::name).contains("Stale Nonce");
        assertThat(IanaRegistry.methods().byName("ConnectionAttempt"))
                .map(Entry::value)
                .contains(0x00C);
        assertThat(IanaRegistry.passwordAlgorithms().byValue(2))
                .map(Entry::name)
                .contains("SHA-256");
    }

    @ParameterizedTest
    @CsvSource({
        "0x0002, RESPONSE-ADDRESS",
        "0x0004, SOURCE-ADDRESS",
        "0x0005, CHANGED-ADDRESS",
        "0x0007, PASSWORD",
        "0x000B, REFLECTED-FROM",
        "0x0010, BANDWIDTH",
        "0x0021, TIMER-VAL"
    })
    void legacyNamesAreKeptAsReserved(String value, String name) {
        Optional<Entry> entry = IanaRegistry.attributes().byValue(Integer.decode(value));

        assertThat(entry).map(Entry::name).contains(name);
        assertThat(entry).map(Entry::reserved).contains(true);
    }

    @Rfc("5780#9.1")
    @Test
    void changeRequestIsInUseAgain() {
        assertThat(IanaRegistry.attributes().byValue(0x0003))
                .contains(new Entry(0x0003, "CHANGE-REQUEST", "RFC5780", false));
    }

    @Test
    void tablesHaveAsManyNamesAsIana() {
        assertThat(registries().map(registry -> registry.entries().size())).containsExactly(11, 65, 18, 2);
    }

    @Test
    void deniedPrefixesTellWhichEmbedIpv4() {
        assertThat(IanaRegistry.deniedByDefault())
                .hasSize(36)
                .contains(
                        new SpecialPrefix("10.0.0.0/8", false),
                        new SpecialPrefix("64:ff9b::/96", true),
                        new SpecialPrefix("fe80::/10", false));
    }
}
