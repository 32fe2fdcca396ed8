package dev.culvert.server.core;

import static dev.culvert.server.core.ServerUnderTest.CLIENT;
import static dev.culvert.server.core.ServerUnderTest.ID;
import static dev.culvert.server.core.ServerUnderTest.PRIMARY;
import static dev.culvert.server.core.ServerUnderTest.classicRequest;
import static dev.culvert.server.core.ServerUnderTest.message;
import static dev.culvert.server.core.ServerUnderTest.request;
import static dev.culvert.server.core.ServerUnderTest.requestWithFingerprint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.ServerUnderTest.Sent;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage.FingerprintCheck;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.attribute.ChangeRequest;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Fingerprint;
import dev.culvert.stun.attribute.MappedAddress;
import dev.culvert.stun.attribute.Padding;
import dev.culvert.stun.attribute.ResponsePort;
import dev.culvert.stun.attribute.Software;
import dev.culvert.stun.attribute.UnknownAttributes;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.testkit.AllocationMeter;
import dev.culvert.testkit.Rfc;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server without alternates: RFC 8489. */
class BindingResponderTest {
    private final ServerUnderTest server = ServerUnderTest.withOneAddress();

    @ParameterizedTest
    @EnumSource(Transport.class)
    @Rfc({
        "8489#5",
        "8489#6.3.1.1 (1)",
        "8489#6.3.1.1 (3)",
        "8489#6.3.1.2 (1)",
        "8489#6.3.1.2 (2)",
        "8489#12 (1)",
        "8489#12 (2)"
    })
    void requestIsAnsweredWithTheSourceAndNothingElse(Transport transport) {
        server.over(transport).whenClientSends(request());

        Sent answer = server.thenServerSends();
        assertThat(answer.is(MessageClass.SUCCESS_RESPONSE)).isTrue();
        assertThat(answer.message().transactionId()).isEqualTo(ID);
        assertThat(answer.attributes()).containsExactly(XorMappedAddress.TYPE.number());
        assertThat(answer.message().get(XorMappedAddress.TYPE)).contains(new XorMappedAddress(CLIENT));
        assertThat(answer.from()).isEqualTo(PRIMARY);
        assertThat(answer.to()).isEqualTo(CLIENT);
        server.thenServerIsSilent();
    }

    @Test
    @Rfc("8489#14.2")
    void clientOfIpv6LearnsItsAddress() {
        server.from("[2001:db8::7]:40123").whenClientSends(request());

        assertThat(server.thenServerSends().message().get(XorMappedAddress.TYPE))
                .contains(new XorMappedAddress(ServerUnderTest.address("[2001:db8::7]:40123")));
    }

    @Test
    @Rfc("8489#7")
    void fingerprintIsEchoedWhereTheRequestHasOne() {
        server.whenClientSends(requestWithFingerprint(new Software("a client")));

        assertThat(server.thenServerSends().message().checkFingerprint()).isEqualTo(FingerprintCheck.VALID);
    }

    @Test
    @Rfc({"8489#7", "8489#14.7"})
    void fingerprintIsEchoedInErrorsToo() {
        server.whenClientSends(requestWithFingerprint(new OpaqueAttribute(0x0002, 8)));

        Sent answer = server.thenServerSends();
        assertThat(answer.message().has(ErrorCode.TYPE)).isTrue();
        assertThat(answer.message().checkFingerprint()).isEqualTo(FingerprintCheck.VALID);
        assertThat(answer.attributes()).last().isEqualTo(Fingerprint.TYPE.number());
    }

    @Test
    @Rfc("8489#6.3 (5)")
    void wrongFingerprintIsIgnored() {
        byte[] bytes = requestWithFingerprint();
        bytes[bytes.length - 1] ^= 1;

        server.whenClientSends(bytes);

        server.thenServerIsSilent();
        assertThat(server.counters.value(Counter.WRONG_FINGERPRINTS)).isEqualTo(1);
    }

    @Test
    @Rfc({"8489#6.3.1 (1)", "8489#6.3.1.1 (2)", "8489#14.13"})
    void unknownRequiredAttributesAreListedInA420() {
        server.whenClientSends(
                request(new OpaqueAttribute(0x0024, 4), new Software("a client"), new OpaqueAttribute(0x7FFF, 0)));

        Sent answer = server.thenServerSends();
        assertThat(answer.is(MessageClass.ERROR_RESPONSE)).isTrue();
        assertThat(answer.message().get(ErrorCode.TYPE)).contains(new ErrorCode(420, ""));
        assertThat(answer.message().get(UnknownAttributes.TYPE))
                .contains(new UnknownAttributes(List.of(0x0024, 0x7FFF)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Rfc("8489#6.1")
    void answerToThousandsOfUnknownAttributesFitsEveryPath(boolean classic) {
        OpaqueAttribute[] many = new OpaqueAttribute[16_000];
        Arrays.setAll(many, i -> new OpaqueAttribute(0x1000 + i, 0));

        server.whenClientSends(classic ? classicRequest(many) : requestWithFingerprint(many));

        Sent answer = server.thenServerSends();
        assertThat(answer.message().get(ErrorCode.TYPE)).contains(new ErrorCode(420, ""));
        assertThat(answer.message().get(UnknownAttributes.TYPE))
                .hasValueSatisfying(unknown -> assertThat(unknown.types()).startsWith(0x1000, 0x1001));
        assertThat(answer.bytes()).hasSizeLessThanOrEqualTo(548);
    }

    @Test
    @Rfc({"8489#6.3 (6)", "8489#6.3 (7)"})
    void unknownOptionalAndUnexpectedAttributesAreIgnored() {
        server.whenClientSends(request(
                new OpaqueAttribute(0x8ABC, 5),
                new OpaqueAttribute(0xC0F0, 0),
                new OpaqueAttribute(0x0006, 4),
                new OpaqueAttribute(0x0014, 3),
                new MappedAddress(PRIMARY)));

        assertThat(server.thenServerSends().is(MessageClass.SUCCESS_RESPONSE)).isTrue();
    }

    @Test
    @Rfc("8489#14.5")
    void whatStandsBehindMessageIntegrityIsNotSeen() {
        server.whenClientSends(request(new OpaqueAttribute(0x0008, 20), new OpaqueAttribute(0x7FFF, 0)));

        assertThat(server.thenServerSends().is(MessageClass.SUCCESS_RESPONSE)).isTrue();
    }

    @Test
    @Rfc("8489#6.3.1 (3)")
    void retransmissionIsAnsweredAlike() {
        server.whenClientSends(requestWithFingerprint(new Software("a client")));
        server.pass(500_000_000);
        server.whenClientSends(requestWithFingerprint(new Software("a client")));

        assertThat(server.thenServerSends()).usingRecursiveComparison().isEqualTo(server.thenServerSends());
    }

    @Test
    @Rfc({"8489#12 (3)", "8489#6.3 (7)"})
    void credentialsThatNobodyAskedForAreIgnored() {
        server.whenClientSends(request(
                new OpaqueAttribute(0x0006, 4),
                new OpaqueAttribute(0x0014, 3),
                new OpaqueAttribute(0x0015, 7),
                new OpaqueAttribute(0x0008, 20)));

        assertThat(server.thenServerSends().attributes()).containsExactly(XorMappedAddress.TYPE.number());
    }

    @ParameterizedTest
    @EnumSource(
            value = MessageClass.class,
            names = {"INDICATION", "SUCCESS_RESPONSE", "ERROR_RESPONSE"})
    @Rfc({"8489#6.3 (4)", "8489#6.3.2"})
    void indicationsAndResponsesGetNoAnswer(MessageClass messageClass) {
        server.whenClientSends(message(messageClass, StunMethod.BINDING, ID, false, new OpaqueAttribute(0x7FFF, 0)));

        server.thenServerIsSilent();
        assertThat(server.counters.value(Counter.INDICATIONS) + server.counters.value(Counter.STRAY_RESPONSES))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {StunMethod.SHARED_SECRET, StunMethod.ALLOCATE, 0xFFF, 0x000})
    @Rfc("8489#6.3 (3)")
    void methodsThatAreNotSupportedAreSilentlyDiscarded(int method) {
        server.whenClientSends(message(MessageClass.REQUEST, method, ID, false));

        server.thenServerIsSilent();
        assertThat(server.counters.value(Counter.UNSUPPORTED_METHODS)).isEqualTo(1);
    }

    @Test
    @Rfc("8489#6.3 (1)")
    void bytesThatAreNotStunAreCountedAndDropped() {
        server.whenClientSends(new byte[0]);
        server.whenClientSends(new byte[19]);
        server.whenClientSends("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

        server.thenServerIsSilent();
        assertThat(server.counters.value(Counter.NOT_STUN)).isEqualTo(3);
    }

    @Test
    @Rfc("8489#6.3 (2)")
    void lengthThatIsNotSensibleIsCountedAndDropped() {
        byte[] bytes = request(new Software("cut"));
        bytes[3] = (byte) (bytes[3] + 4);
        server.whenClientSends(bytes);
        bytes[3] = (byte) (bytes[3] - 4);
        bytes[23] = 120;
        server.whenClientSends(bytes);

        server.thenServerIsSilent();
        assertThat(server.counters.value(Counter.MALFORMED)).isEqualTo(2);
    }

    @Test
    @Rfc("5780#6 (2)")
    void attributesOfBehaviorDiscoveryAreUnknownWithoutAlternates() {
        server.whenClientSends(request(new ChangeRequest(false, false), new ResponsePort(5000), new Padding(16)));

        Sent answer = server.thenServerSends();
        assertThat(answer.message().get(ErrorCode.TYPE)).contains(new ErrorCode(420, ""));
        assertThat(answer.message().get(UnknownAttributes.TYPE))
                .contains(new UnknownAttributes(List.of(0x0003, 0x0027, 0x0026)));
    }

    @Test
    void answeringAllocatesNextToNothing() {
        BindingResponder responder =
                new BindingResponder(List.of(), false, SourceRateLimiter.unlimited(), new Counters<>(Counter.class));
        FiveTuple flow = new FiveTuple(Transport.UDP, PRIMARY, CLIENT);
        ByteBuffer bytes = ByteBuffer.wrap(requestWithFingerprint(new Software("a client")));
        int length = bytes.remaining();

        double allocated = AllocationMeter.bytesPerOperation(
                () -> responder.onBytes(flow, bytes, 0, length, 0, (message, local, remote) -> {}));

        // At most the attribute and what writes its value.
        assertThat(allocated).isLessThanOrEqualTo(64);
    }

    @Test
    void bytesInAndOutAreCounted() {
        server.whenClientSends(request());
        server.whenClientSends(classicRequest());

        assertThat(server.counters.value(Counter.BINDING_REQUESTS)).isEqualTo(2);
        assertThat(server.counters.value(Counter.CLASSIC_REQUESTS)).isEqualTo(1);
        assertThat(server.counters.value(Counter.BINDING_REQUEST_BYTES)).isEqualTo(40);
        assertThat(server.counters.value(Counter.BINDING_SUCCESSES)).isEqualTo(2);
        assertThat(server.counters.value(Counter.BINDING_ANSWER_BYTES)).isEqualTo(64);
    }
}
