package dev.culvert.stun.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.AttributeType;
import dev.culvert.stun.StunMethod;
import dev.culvert.testkit.IanaRegistry;
import dev.culvert.testkit.Rfc;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What this library knows, held against IANA's tables. */
class RegistryTest {
    /** Culvert's own, in the range that others ignore. */
    private static final List<AttributeType<?>> OWN = List.of(ReceiptRequest.TYPE, ReceiptOrigin.TYPE);

    @Test
    @Rfc({"8489#18.3", "8656#18 (1)"})
    void everyAttributeOfTheRegistryIsKnownByItsNameAndNoOther() {
        Map<Integer, String> registered = names(IanaRegistry.attributes());

        Map<Integer, String> known = Attributes.all().stream()
                .filter(type -> !OWN.contains(type))
                .collect(Collectors.toMap(AttributeType::number, AttributeType::name));

        assertThat(known).isEqualTo(registered);
    }

    @Test
    void ownAttributesAreOptionalAndUnassigned() {
        assertThat(OWN).allSatisfy(type -> {
            assertThat(type.isComprehensionRequired()).isFalse();
            assertThat(IanaRegistry.attributes().byValue(type.number())).isEmpty();
        });
    }

    @Test
    void attributesAreListedInTheOrderOfTheirNumbers() {
        assertThat(Attributes.all())
                .extracting(AttributeType::number)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void attributesAreFoundByNumber() {
        assertThat(Attributes.all())
                .allSatisfy(
                        type -> assertThat(Attributes.byNumber(type.number())).contains(type));
        assertThat(Attributes.byNumber(0x7FFF)).isEmpty();
    }

    @Test
    @Rfc({"8489#14.8 (3)", "8489#18.4"})
    void everyErrorCodeOfTheRegistryHasItsReasonPhraseAndNoOtherHasOne() {
        Map<Integer, String> registered = names(IanaRegistry.errorCodes());
        // RFC 8489 §18.4 renamed it.
        registered.put(401, "Unauthenticated");

        for (int code = 300; code < 700; code++) {
            assertThat(ErrorCode.of(code).reason()).as("%d", code).isEqualTo(registered.getOrDefault(code, ""));
        }
    }

    @Test
    @Rfc("8489#18.2")
    void everyMethodOfTheRegistryHasItsName() {
        assertThat(IanaRegistry.methods().entries())
                .isNotEmpty()
                .allSatisfy(entry -> assertThat(StunMethod.name(entry.value())).isEqualTo(entry.name()));
    }

    @Test
    @Rfc("8489#18.5")
    void everyPasswordAlgorithmOfTheRegistryIsAConstant() {
        assertThat(IanaRegistry.passwordAlgorithms().entries())
                .extracting(IanaRegistry.Entry::value)
                .containsExactly(PasswordAlgorithm.MD5.algorithm(), PasswordAlgorithm.SHA_256.algorithm());
    }

    private static Map<Integer, String> names(IanaRegistry registry) {
        return registry.entries().stream()
                .collect(Collectors.toMap(IanaRegistry.Entry::value, IanaRegistry.Entry::name));
    }
}
