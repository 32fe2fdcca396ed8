package dev.culvert.server.core;

import static dev.culvert.server.core.ServerUnderTest.CLIENT;
import static dev.culvert.server.core.ServerUnderTest.PRIMARY;
import static dev.culvert.server.core.SipRequests.bytes;
import static dev.culvert.server.core.SipRequests.echo;
import static dev.culvert.server.core.SipRequests.head;
import static dev.culvert.server.core.SipRequests.invite;
import static dev.culvert.server.core.SipRequests.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Rfc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SipReflectorTest {
    private static final Path PAGE = Path.of("..", "docs", "security.md");
    private static final int ROOM = 400;

    private final Counters<Counter> counters = new Counters<>(Counter.class);
    private final List<ServerUnderTest.Sent> sent = new ArrayList<>();
    private SipReflector reflector = new SipReflector(SourceRateLimiter.unlimited(), counters);

    private boolean whenClientSends(byte[] bytes, TransportAddress client) {
        ByteBuffer ring = ByteBuffer.allocate(bytes.length + 16).put(8, bytes);
        FiveTuple flow = new FiveTuple(Transport.UDP, PRIMARY, client);
        return reflector.onBytes(flow, ring, 8, bytes.length, 0, (message, local, remote) -> {
            byte[] copy = new byte[message.remaining()];
            message.get(copy);
            sent.add(new ServerUnderTest.Sent(copy, local, remote));
        });
    }

    private boolean whenClientSends(String text) {
        return whenClientSends(bytes(text), CLIENT);
    }

    @Test
    void markedOptionsComeBackByteByByteWithTheirSource() throws Exception {
        String request = options(ROOM);

        whenClientSends(request);

        assertThat(head(sent.get(0).bytes())).startsWith("SIP/2.0 200 OK\r\n");
        assertThat(echo(sent.get(0).bytes())).isEqualTo("Source: " + CLIENT + "\r\n" + request);
        assertThat(sent.get(0).from()).isEqualTo(PRIMARY);
        assertThat(sent.get(0).to()).isEqualTo(CLIENT);
    }

    @Test
    void markedInviteWithSdpComesBackAndIsDeclined() throws Exception {
        String request = invite(ROOM);

        whenClientSends(request);

        assertThat(head(sent.get(0).bytes())).startsWith("SIP/2.0 488 ");
        assertThat(echo(sent.get(0).bytes())).endsWith(request);
    }

    @Test
    void addressesInTheBodyCannotBeSeenOnTheWayBack() {
        whenClientSends(invite(ROOM));

        String text = new String(sent.get(0).bytes(), StandardCharsets.ISO_8859_1);
        assertThat(text.substring(head(sent.get(0).bytes()).length())).doesNotContain("192.168.7.2", "c=IN", "v=0");
    }

    @Test
    @Rfc("3261#8.2.6.2")
    void answerHasViaFromCallIdAndCSeqOfItsRequestAndATagInTo() {
        whenClientSends(
                options(ROOM).replace("Max-Forwards", "v: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK0\r\nMax-Forwards"));

        assertThat(head(sent.get(0).bytes()).lines())
                .contains(
                        "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK0",
                        "From: <sip:probe@culvert.invalid>;tag=1",
                        "To: <sip:probe@203.0.113.1>;tag=00112233",
                        "Call-ID: " + SipRequests.MARK,
                        "CSeq: 1 OPTIONS");
    }

    @Test
    @Rfc("3581#4")
    void rportIsFilledWithTheSourcePortAndReceivedIsThereToo() {
        whenClientSends(options(ROOM));

        assertThat(head(sent.get(0).bytes()))
                .contains("Via: SIP/2.0/UDP 192.168.7.2:40123;branch=z9hG4bK1;received=198.51.100.7;rport=40123\r\n");
    }

    @Test
    void answerGoesToTheSourceAndNeverWhereViaSays() {
        whenClientSends(options(ROOM).replace("192.168.7.2:40123;", "203.0.113.99:5060;maddr=203.0.113.98;"));

        assertThat(sent.get(0).to()).isEqualTo(CLIENT);
    }

    @Test
    void answerIsNeverLongerThanItsRequest() {
        for (int padding = 0; padding < ROOM; padding++) {
            sent.clear();

            String request = options(padding);
            whenClientSends(request);

            int limit = request.length();
            assertThat(sent).allSatisfy(answer -> assertThat(answer.bytes()).hasSizeLessThanOrEqualTo(limit));
        }
        assertThat(counters.value(Counter.SIP_REFUSED)).isPositive();
        assertThat(counters.value(Counter.SIP_ANSWERS)).isPositive();
        assertThat(counters.value(Counter.SIP_ANSWER_BYTES)).isLessThan(counters.value(Counter.SIP_REQUEST_BYTES));
    }

    @Test
    void bytesThatDoNotCompressAreRefused() {
        StringBuilder noise = new StringBuilder();
        new Random(1).ints(ROOM, '!', '~').forEach(each -> noise.append((char) each));

        whenClientSends(options(0).replace("Padding: ", "Padding: " + noise));

        assertThat(sent).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Culvert-Probe: 00112233445566778899AABBCCDDEEFF",
                "X-Culvert-Probe: 0011",
                "X-Culvert-Prob: " + SipRequests.MARK,
                "X-Culvert-Probe: " + SipRequests.MARK + "\r\nX-Culvert-Probe: " + SipRequests.MARK,
            })
    void requestWithoutTheMarkOrWithTwoGetsNoAnswer(String mark) {
        boolean ours = whenClientSends(options(ROOM).replace("X-Culvert-Probe: " + SipRequests.MARK, mark));

        assertThat(ours).isFalse();
        assertThat(sent).isEmpty();
        assertThat(counters.value(Counter.SIP_REFUSED)).isEqualTo(1);
    }

    @Test
    void otherMethodsAndResponsesGetNoAnswer() {
        whenClientSends(options(ROOM).replace("OPTIONS", "REGISTER"));
        whenClientSends(options(ROOM).replaceFirst("OPTIONS [^\r]*", "SIP/2.0 200 OK"));
        whenClientSends(options(ROOM).replace("CSeq: 1 OPTIONS", "CSeq: 1 INVITE"));

        assertThat(sent).isEmpty();
    }

    @Test
    void inviteWithoutSdpGetsNoAnswer() {
        whenClientSends(options(ROOM).replace("OPTIONS", "INVITE"));
        whenClientSends(invite(ROOM).replace("application/sdp", "text/plain"));

        assertThat(sent).isEmpty();
    }

    @Test
    void answersAreNoRequestsSoTwoReflectorsDoNotTalkToEachOther() {
        whenClientSends(options(ROOM));

        byte[] answer = sent.get(0).bytes();
        assertThat(SipReflector.isSip(ByteBuffer.wrap(answer), 0, answer.length))
                .isFalse();
        assertThat(whenClientSends(answer, CLIENT)).isFalse();
        assertThat(sent).hasSize(1);
    }

    @Test
    void requestUnderTheServersOwnAddressGetsNoAnswer() {
        whenClientSends(bytes(options(ROOM)), PRIMARY);

        assertThat(sent).isEmpty();
    }

    @Test
    void prefixThatHadItsShareGetsNoMore() {
        reflector = new SipReflector(SourceRateLimiter.of(1, 2, 0x5EED, 0), counters);

        for (int i = 0; i < 10; i++) {
            whenClientSends(options(ROOM));
        }

        assertThat(sent).hasSize(2);
        assertThat(counters.value(Counter.RATE_LIMITED)).isEqualTo(8);
    }

    @Test
    void tooLongARequestIsNotRead() {
        whenClientSends(options(SipReflector.MAX_REQUEST_BYTES));

        assertThat(sent).isEmpty();
    }

    @Test
    void controlCharactersDoNotReachTheAnswer() {
        whenClientSends(options(ROOM).replace("From: ", "From: \nX: "));
        whenClientSends(options(ROOM).replace("From: ", "From: \u0000"));
        whenClientSends(options(ROOM).replace("From: ", "From: \r\n\t"));

        assertThat(sent).isEmpty();
    }

    @Test
    void damagedRequestsNeverThrowNorGetMoreThanTheySent() {
        long seed = 20_261_121;
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = bytes(random.nextBoolean() ? options(ROOM) : invite(ROOM));
            for (int flips = random.nextInt(6); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            byte[] damaged = Arrays.copyOf(bytes, random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length);
            sent.clear();

            whenClientSends(damaged, CLIENT);

            assertThat(sent)
                    .as("seed %d, packet %d", seed, i)
                    .allSatisfy(answer -> assertThat(answer.bytes()).hasSizeLessThanOrEqualTo(damaged.length));
        }
    }

    @Test
    void pageShowsWhatAProbeGets() throws IOException {
        assertPageHolds("SIP OPTIONS of a probe", options(ROOM));
        assertPageHolds("SIP INVITE of a probe", invite(ROOM));
    }

    private void assertPageHolds(String what, String request) throws IOException {
        sent.clear();
        whenClientSends(request);
        int out = sent.get(0).bytes().length;
        assertThat(Files.readString(PAGE))
                .contains(String.format(
                        Locale.ROOT,
                        "| %s | %d | %d | %.2f |\n",
                        what,
                        request.length(),
                        out,
                        (double) out / request.length()));
    }
}
