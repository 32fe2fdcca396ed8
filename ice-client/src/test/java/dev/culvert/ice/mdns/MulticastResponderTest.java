package dev.culvert.ice.mdns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.mdns.MulticastResponder.Reply;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages stand here as they are on the wire: the names are {@code ab.local} and {@code c6.local}. */
class MulticastResponderTest {
    private static final String AB = "02 6162 05 6c6f63616c 00";
    private static final String C6 = "02 6336 05 6c6f63616c 00";
    private static final String A = "0001";
    private static final String AAAA = "001c";
    private static final String ANY = "00ff";
    private static final String HTTPS = "0041";
    private static final String IN = "0001";
    private static final String IN_UNICAST = "8001";
    private static final String ONE_QUESTION = "0000 0000 0001 0000 0000 0000";
    private static final String ONE_ANSWER = "0000 8400 0000 0001 0000 0000";
    private static final String ADDRESS_OF_AB = AB + "0001 8001 00000078 0004 c0a80702";
    private static final String NOTHING_ELSE_OF_AB = AB + "002f 8001 00000078 000d" + AB + "00 01 40";

    private static final TransportAddress QUERIER = at("192.168.7.9:5353");
    private static final TransportAddress LEGACY = at("192.168.7.9:40000");

    private final MulticastResponder responder = new MulticastResponder();

    MulticastResponderTest() {
        responder.put("ab.local", IpAddress.parse("192.168.7.2").orElseThrow());
        responder.put("c6.local", IpAddress.parse("2001:db8::2").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {A, ANY})
    void aQuestionForANameOfOursIsAnsweredToAll(String type) {
        assertThat(ask(ONE_QUESTION + AB + type + IN, QUERIER, 0)).contains(toAll(ONE_ANSWER + ADDRESS_OF_AB));
    }

    @Test
    void namesMayStandInAnyCase() {
        String upperCase = "02 4142 05 4c4f43414c 00";

        assertThat(ask(ONE_QUESTION + upperCase + A + IN, QUERIER, 0)).contains(toAll(ONE_ANSWER + ADDRESS_OF_AB));
    }

    @Test
    void anAddressOfIpv6IsToldAsSuch() {
        assertThat(ask(ONE_QUESTION + C6 + AAAA + IN, QUERIER, 0))
                .contains(toAll(ONE_ANSWER + C6 + "001c 8001 00000078 0010 20010db8000000000000000000000002"));
    }

    @ParameterizedTest
    @ValueSource(strings = {AAAA, HTTPS})
    void whoAsksForWhatThereIsNotIsToldSo(String type) {
        assertThat(ask(ONE_QUESTION + AB + type + IN, QUERIER, 0)).contains(toAll(ONE_ANSWER + NOTHING_ELSE_OF_AB));
    }

    @Test
    void theBitmapOfAnAddressOfIpv6HasItsTwentyNinthBit() {
        assertThat(ask(ONE_QUESTION + C6 + A + IN, QUERIER, 0))
                .contains(toAll(ONE_ANSWER + C6 + "002f 8001 00000078 0010" + C6 + "00 04 00000008"));
    }

    @Test
    void bothQuestionsOfOneMessageAreAnsweredInOne() {
        String query = "0000 0000 0002 0000 0000 0000" + AB + A + IN + "c00c" + AAAA + IN;

        assertThat(ask(query, QUERIER, 0))
                .contains(toAll("0000 8400 0000 0002 0000 0000" + ADDRESS_OF_AB + NOTHING_ELSE_OF_AB));
    }

    @Test
    void whoWantsUnicastGetsIt() {
        assertThat(ask(ONE_QUESTION + AB + A + IN_UNICAST, QUERIER, 0))
                .contains(new Reply(bytes(ONE_ANSWER + ADDRESS_OF_AB), QUERIER));
    }

    @Test
    void aLegacyQuerierGetsAnAnswerAsOfAUnicastServer() {
        String query = "beef 0100 0001 0000 0000 0000" + AB + A + IN;

        assertThat(ask(query, LEGACY, 0))
                .contains(new Reply(
                        bytes("beef 8400 0001 0001 0000 0000" + AB + A + IN + AB + "0001 0001 0000000a 0004 c0a80702"),
                        LEGACY));
    }

    @Test
    void whatTheQuerierKnowsForHalfItsTimeOrMoreIsNotTold() {
        String head = "0000 0000 0001 0001 0000 0000" + AB + A + IN + "c00c 0001 0001 ";

        assertThat(ask(head + "0000003c 0004 c0a80702", QUERIER, 0)).isEmpty();
        assertThat(ask(head + "0000003b 0004 c0a80702", QUERIER, 0)).isPresent();
    }

    @Test
    void whatTheQuerierKnowsWronglyIsTold() {
        String known = "c00c 0001 0001 00000078 0004 c0a80703";

        assertThat(ask("0000 0000 0001 0001 0000 0000" + AB + A + IN + known, QUERIER, 0))
                .isPresent();
    }

    @Test
    void aRecordIsToldToAllOnceASecondAtMost() {
        String query = ONE_QUESTION + AB + A + IN;

        assertThat(ask(query, QUERIER, 0)).isPresent();
        assertThat(ask(query, QUERIER, TimeUnit.MILLISECONDS.toNanos(999))).isEmpty();
        assertThat(ask(ONE_QUESTION + C6 + AAAA + IN, QUERIER, 1)).isPresent();
        assertThat(ask(query, QUERIER, TimeUnit.SECONDS.toNanos(1))).isPresent();
    }

    @Test
    void namesAreAnnouncedAndWithdrawn() {
        assertThat(responder.announcement(0)).get().satisfies(told -> {
            assertThat(told.to()).isEqualTo(MulticastResponder.GROUP);
            assertThat(hex(told.message()))
                    .startsWith("000084000000000200000000")
                    .contains("00000078");
        });
        assertThat(responder.goodbye(0))
                .get()
                .satisfies(told -> assertThat(hex(told.message()))
                        .doesNotContain("00000078")
                        .contains(hex(bytes(AB + "0001 8001 00000000 0004 c0a80702"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0000",
                ONE_QUESTION,
                "0000 8400 0001 0000 0000 0000" + AB + A + IN,
                "0000 0800 0001 0000 0000 0000" + AB + A + IN,
                ONE_QUESTION + "02 6163 05 6c6f63616c 00" + A + IN,
                ONE_QUESTION + AB + A + "0003",
                ONE_QUESTION + "c00c" + A + IN,
                ONE_QUESTION + "c00e 02 6162 00" + A + IN,
                ONE_QUESTION + "40 6162 00" + A + IN,
                "0000 0000 0001 0001 0000 0000" + AB + A + IN + "c00c 0001 0001 00000078 0005 c0a80702"
            })
    void allElseIsPassedOver(String message) {
        assertThat(ask(message, QUERIER, 0)).isEmpty();
    }

    @Test
    void randomBytesDoNoHarm() {
        Random random = new Random(5353);
        byte[] query = bytes("0000 0000 0002 0001 0000 0000" + AB + A + IN + "c00c" + AAAA + IN + ADDRESS_OF_AB)
                .array();
        for (int i = 0; i < 100_000; i++) {
            byte[] mutated = query.clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
            }

            responder.answer(ByteBuffer.wrap(mutated, 0, random.nextInt(mutated.length + 1)), QUERIER, i);
        }
        assertThat(ask(ONE_QUESTION + AB + A + IN, QUERIER, Long.MAX_VALUE / 2)).isPresent();
    }

    private Optional<Reply> ask(String message, TransportAddress from, long nowNanos) {
        return responder.answer(bytes(message), from, nowNanos);
    }

    private static Reply toAll(String message) {
        return new Reply(bytes(message), MulticastResponder.GROUP);
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static String hex(ByteBuffer bytes) {
        return HexFormat.of().formatHex(bytes.array(), 0, bytes.limit());
    }

    private static TransportAddress at(String text) {
        return TransportAddress.parse(text).orElseThrow();
    }
}
