package dev.culvert.server.core;

import static dev.culvert.server.core.ServerUnderTest.ALTERNATE;
import static dev.culvert.server.core.ServerUnderTest.CLIENT;
import static dev.culvert.server.core.ServerUnderTest.ID;
import static dev.culvert.server.core.ServerUnderTest.PRIMARY;
import static dev.culvert.server.core.ServerUnderTest.address;
import static dev.culvert.server.core.ServerUnderTest.classicRequest;
import static dev.culvert.server.core.ServerUnderTest.request;
import static dev.culvert.server.core.ServerUnderTest.requestWithFingerprint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.ServerUnderTest.Sent;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage.FingerprintCheck;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ChangeRequest;
import dev.culvert.stun.attribute.ChangedAddress;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.MappedAddress;
import dev.culvert.stun.attribute.OtherAddress;
import dev.culvert.stun.attribute.Padding;
import dev.culvert.stun.attribute.ReceiptOrigin;
import dev.culvert.stun.attribute.ReceiptRequest;
import dev.culvert.stun.attribute.ResponseOrigin;
import dev.culvert.stun.attribute.ResponsePort;
import dev.culvert.stun.attribute.SourceAddress;
import dev.culvert.stun.attribute.UnknownAttributes;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.testkit.Rfc;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server with two addresses and two ports: RFC 5780, and the tests of RFC 3489. */
class BehaviorDiscoveryTest {
    private static final ReceiptRequest ROOM_FOR_BOTH = new ReceiptRequest(200);

    private final ServerUnderTest server = ServerUnderTest.withAlternate();

    @Test
    @Rfc({"5780#6.1 (1)", "5780#6.1 (7)", "5780#7.3", "5780#7.4"})
    void plainRequestLearnsOriginAndOtherAddress() {
        server.whenClientSends(request());

        Sent answer = server.thenServerSends();
        assertThat(answer.message().get(XorMappedAddress.TYPE)).contains(new XorMappedAddress(CLIENT));
        assertThat(answer.message().get(MappedAddress.TYPE)).contains(new MappedAddress(CLIENT));
        assertThat(answer.message().get(ResponseOrigin.TYPE)).contains(new ResponseOrigin(PRIMARY));
        assertThat(answer.message().get(OtherAddress.TYPE)).contains(new OtherAddress(ALTERNATE));
        assertThat(answer.from()).isEqualTo(PRIMARY);
    }

    @ParameterizedTest
    @CsvSource({
        // Table 1 of RFC 5780 §6.1, for each of the four addresses: asked, change IP, change port, origin, other
        "203.0.113.1:3478, false, false, 203.0.113.1:3478, 203.0.113.2:3479",
        "203.0.113.1:3478, true,  false, 203.0.113.2:3478, 203.0.113.2:3479",
        "203.0.113.1:3478, false, true,  203.0.113.1:3479, 203.0.113.2:3479",
        "203.0.113.1:3478, true,  true,  203.0.113.2:3479, 203.0.113.2:3479",
        "203.0.113.1:3479, false, false, 203.0.113.1:3479, 203.0.113.2:3478",
        "203.0.113.1:3479, true,  false, 203.0.113.2:3479, 203.0.113.2:3478",
        "203.0.113.1:3479, false, true,  203.0.113.1:3478, 203.0.113.2:3478",
        "203.0.113.1:3479, true,  true,  203.0.113.2:3478, 203.0.113.2:3478",
        "203.0.113.2:3478, false, false, 203.0.113.2:3478, 203.0.113.1:3479",
        "203.0.113.2:3478, true,  false, 203.0.113.1:3478, 203.0.113.1:3479",
        "203.0.113.2:3478, false, true,  203.0.113.2:3479, 203.0.113.1:3479",
        "203.0.113.2:3478, true,  true,  203.0.113.1:3479, 203.0.113.1:3479",
        "203.0.113.2:3479, false, false, 203.0.113.2:3479, 203.0.113.1:3478",
        "203.0.113.2:3479, true,  false, 203.0.113.1:3479, 203.0.113.1:3478",
        "203.0.113.2:3479, false, true,  203.0.113.2:3478, 203.0.113.1:3478",
        "203.0.113.2:3479, true,  true,  203.0.113.1:3478, 203.0.113.1:3478",
    })
    @Rfc({"5780#6 (1)", "5780#6.1 (2)", "5780#6.1 (3)", "5780#6.1 (4)"})
    void changeRequestDecidesWhereTheAnswerLeavesFrom(
            String asked, boolean changeIp, boolean changePort, String origin, String other) {
        server.whenClientSends(request(new ChangeRequest(changeIp, changePort)), address(asked));

        Sent answer = server.thenServerSends();
        assertThat(answer.from()).isEqualTo(address(origin));
        assertThat(answer.to()).isEqualTo(CLIENT);
        assertThat(answer.message().get(ResponseOrigin.TYPE)).contains(new ResponseOrigin(address(origin)));
        assertThat(answer.message().get(OtherAddress.TYPE)).contains(new OtherAddress(address(other)));
        server.thenServerIsSilent();
    }

    @Test
    @Rfc("5780#7.2")
    void otherBitsThanTheTwoFlagsAreIgnored() {
        byte[] bytes = request(new ChangeRequest(false, true));
        Arrays.fill(bytes, 24, 28, (byte) 0xFB);

        server.whenClientSends(bytes);

        assertThat(server.thenServerSends().from()).isEqualTo(new TransportAddress(PRIMARY.ip(), ALTERNATE.port()));
    }

    @Test
    @Rfc({"3489#8.1 (4)", "3489#8.1 (5)"})
    void classicClientGetsSourceAndChangedAddress() {
        server.whenClientSends(classicRequest(new ChangeRequest(true, true)));

        Sent answer = server.thenServerSends();
        assertThat(answer.from()).isEqualTo(ALTERNATE);
        assertThat(answer.attributes())
                .containsExactly(
                        MappedAddress.TYPE.number(), SourceAddress.TYPE.number(), ChangedAddress.TYPE.number());
        assertThat(answer.message().get(SourceAddress.TYPE)).contains(new SourceAddress(ALTERNATE));
        assertThat(answer.message().get(ChangedAddress.TYPE)).contains(new ChangedAddress(ALTERNATE));
    }

    @Test
    @Rfc("5780#7.5")
    void responsePortTakesTheAnswerToAnotherPortOfTheSameHost() {
        server.whenClientSends(request(new ResponsePort(50_000)));

        Sent answer = server.thenServerSends();
        assertThat(answer.to()).isEqualTo(new TransportAddress(CLIENT.ip(), 50_000));
        assertThat(answer.message().get(XorMappedAddress.TYPE)).contains(new XorMappedAddress(CLIENT));
    }

    @Test
    @Rfc("5780#7.5")
    void responsePortZeroIsABadRequest() {
        server.whenClientSends(request(new ResponsePort(0)));

        Sent answer = server.thenServerSends();
        assertThat(answer.message().get(ErrorCode.TYPE)).contains(new ErrorCode(400, ""));
        assertThat(answer.to()).isEqualTo(CLIENT);
    }

    @Test
    @Rfc("5780#6.1 (6)")
    void responsePortTogetherWithPaddingIsABadRequest() {
        server.whenClientSends(request(new Padding(1500), new ResponsePort(50_000)));

        Sent answer = server.thenServerSends();
        assertThat(answer.message().get(ErrorCode.TYPE)).contains(new ErrorCode(400, ""));
        assertThat(answer.to()).isEqualTo(CLIENT);
    }

    @Test
    @Rfc("8489#6.3.1 (2)")
    void attributeThatDoesNotDecodeIsABadRequest() {
        server.whenClientSends(request(new OpaqueAttribute(ChangeRequest.TYPE.number(), 3)));
        assertThat(server.thenServerSends().message().get(ErrorCode.TYPE)).contains(new ErrorCode(400, ""));

        server.whenClientSends(request(new OpaqueAttribute(ResponsePort.TYPE.number(), 1)));
        assertThat(server.thenServerSends().message().get(ErrorCode.TYPE)).contains(new ErrorCode(400, ""));
    }

    @Test
    @Rfc("8489#14")
    void onlyTheFirstOccurrenceOfAnAttributeCounts() {
        server.whenClientSends(request(
                new ChangeRequest(false, true), new ChangeRequest(true, false), new OpaqueAttribute(0x0003, 1)));

        assertThat(server.thenServerSends().from()).isEqualTo(new TransportAddress(PRIMARY.ip(), ALTERNATE.port()));
    }

    @ParameterizedTest
    @CsvSource({"65000,1500", "1556,1500", "1552,1496", "1000,944", "58,4", "56,0", "1,0", "0,0"})
    @Rfc({"5780#6.1 (5)", "5780#7.6 (1)"})
    void paddingIsAnsweredByTheMtuAtMostAndNeverByMoreThanCame(int asked, int answered) {
        server.whenClientSends(request(new Padding(asked)));

        assertThat(server.thenServerSends().message().get(Padding.TYPE)).contains(new Padding(answered));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Rfc("5780#7.6 (1)")
    void paddingNeverMakesTheAnswerLongerThanTheRequest(boolean fingerprint) {
        for (int asked = 56; asked <= 3_000; asked++) {
            Padding padding = new Padding(asked);
            byte[] bytes = fingerprint ? requestWithFingerprint(padding) : request(padding);

            server.whenClientSends(bytes);

            assertThat(server.thenServerSends().bytes()).hasSizeLessThanOrEqualTo(bytes.length);
        }
    }

    @Test
    @Rfc("5780#7.6 (2)")
    void paddingNeverMakesADatagramLongerThanUdpCarries() {
        Counters<Counter> counters = new Counters<>(Counter.class);
        Quartet jumbo = new Quartet(PRIMARY, ALTERNATE, 65_536);
        BindingResponder responder =
                new BindingResponder(List.of(jumbo), false, SourceRateLimiter.unlimited(), counters);
        byte[] bytes = requestWithFingerprint(new Padding(65_488));

        responder.onBytes(
                new FiveTuple(Transport.UDP, PRIMARY, CLIENT),
                ByteBuffer.wrap(bytes),
                0,
                bytes.length,
                0,
                (message, local, remote) -> assertThat(message.remaining()).isBetween(65_000, 65_507));

        assertThat(counters.value(Counter.BINDING_SUCCESSES)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"TCP", "TLS"})
    @Rfc("5780#6 (2)")
    void streamsKnowNothingOfBehaviorDiscovery(Transport transport) {
        server.over(transport).whenClientSends(request(new ChangeRequest(true, true)));

        assertThat(server.thenServerSends().message().get(UnknownAttributes.TYPE))
                .contains(new UnknownAttributes(List.of(0x0003)));

        server.whenClientSends(request());
        assertThat(server.thenServerSends().attributes()).containsExactly(XorMappedAddress.TYPE.number());
    }

    @Test
    @Rfc({"5780#6 (2)", "5780#7.4"})
    void addressOutsideTheQuartetHasNoOtherAddress() {
        server.whenClientSends(request(), address("203.0.113.9:3478"));
        assertThat(server.thenServerSends().attributes()).containsExactly(XorMappedAddress.TYPE.number());

        server.whenClientSends(request(new ChangeRequest(true, true)), address("203.0.113.9:3478"));
        assertThat(server.thenServerSends().message().get(ErrorCode.TYPE)).contains(new ErrorCode(420, ""));
    }

    @Test
    void receiptTellsWhereTheChangedAnswerLeftFrom() {
        ServerUnderTest withReceipts = ServerUnderTest.withReceipts();
        byte[] bytes = requestWithFingerprint(new ChangeRequest(true, true), ROOM_FOR_BOTH);

        withReceipts.whenClientSends(bytes);

        Sent answer = withReceipts.thenServerSends();
        Sent receipt = withReceipts.thenServerSends();
        assertThat(answer.from()).isEqualTo(ALTERNATE);
        assertThat(receipt.is(MessageClass.INDICATION)).isTrue();
        assertThat(receipt.from()).isEqualTo(PRIMARY);
        assertThat(receipt.to()).isEqualTo(CLIENT);
        assertThat(receipt.message().transactionId()).isEqualTo(ID);
        assertThat(receipt.message().get(ReceiptOrigin.TYPE)).contains(new ReceiptOrigin(ALTERNATE));
        assertThat(receipt.message().checkFingerprint()).isEqualTo(FingerprintCheck.VALID);
        assertThat(answer.bytes().length + receipt.bytes().length).isLessThanOrEqualTo(bytes.length);
    }

    @Test
    void receiptNeverMakesTheAnswersLongerThanTheRequest() {
        for (int room = 0; room <= 120; room += 4) {
            ServerUnderTest withReceipts = ServerUnderTest.withReceipts();
            byte[] bytes = request(new ChangeRequest(true, true), new ReceiptRequest(room));

            withReceipts.whenClientSends(bytes);

            int answer = withReceipts.thenServerSends().bytes().length;
            boolean fits = bytes.length >= answer + 32;
            assertThat(withReceipts.counters.value(Counter.RECEIPTS))
                    .as("room %d", room)
                    .isEqualTo(fits ? 1 : 0);
        }
    }

    @Test
    void receiptIsForChangedAnswersOnly() {
        ServerUnderTest withReceipts = ServerUnderTest.withReceipts();

        withReceipts.whenClientSends(request(ROOM_FOR_BOTH));

        assertThat(withReceipts.thenServerSends().from()).isEqualTo(PRIMARY);
        withReceipts.thenServerIsSilent();
    }

    @Test
    void receiptsAreOffByDefault() {
        server.whenClientSends(request(new ChangeRequest(true, true), ROOM_FOR_BOTH));

        server.thenServerSends();
        server.thenServerIsSilent();
    }

    @Test
    @Rfc("5780#6 (1)")
    void alternateMustDifferInAddressAndPort() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Quartet(PRIMARY, address("203.0.113.1:3479"), 1500));
        assertThatIllegalArgumentException().isThrownBy(() -> new Quartet(PRIMARY, address("203.0.113.2:3478"), 1500));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Quartet(PRIMARY, address("[2001:db8::1]:3479"), 1500));
    }
}
