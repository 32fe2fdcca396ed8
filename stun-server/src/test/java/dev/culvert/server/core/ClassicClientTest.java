package dev.culvert.server.core;

import static dev.culvert.server.core.ServerUnderTest.CLASSIC_ID;
import static dev.culvert.server.core.ServerUnderTest.CLIENT;
import static dev.culvert.server.core.ServerUnderTest.classicRequest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.server.core.ServerUnderTest.Sent;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.attribute.ChangeRequest;
import dev.culvert.stun.attribute.MappedAddress;
import dev.culvert.stun.attribute.UnknownAttributes;
import dev.culvert.testkit.Rfc;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A server without alternates, asked by clients of RFC 3489. */
class ClassicClientTest {
    private final ServerUnderTest server = ServerUnderTest.withOneAddress();

    @Test
    @Rfc({"3489#8.1 (2)", "3489#8.1 (3)", "8489#12 (4)"})
    void classicClientGetsMappedAddress() {
        server.whenClientSends(classicRequest());

        Sent answer = server.thenServerSends();
        assertThat(answer.is(MessageClass.SUCCESS_RESPONSE)).isTrue();
        assertThat(answer.message().transactionId()).isEqualTo(CLASSIC_ID);
        assertThat(answer.attributes()).containsExactly(MappedAddress.TYPE.number());
        assertThat(answer.message().get(MappedAddress.TYPE)).contains(new MappedAddress(CLIENT));
    }

    @Test
    @Rfc("3489#8.1 (4)")
    void classicClientThatAsksForNoChangeIsAnswered() {
        server.whenClientSends(classicRequest(new ChangeRequest(false, false)));

        assertThat(server.thenServerSends().is(MessageClass.SUCCESS_RESPONSE)).isTrue();
    }

    @Test
    @Rfc({"3489#8.1 (6)", "3489#11.2.10"})
    void responseAddressIsUnknownAndAnOddListRepeatsOne() {
        server.whenClientSends(classicRequest(new OpaqueAttribute(0x0002, 8)));

        assertThat(server.thenServerSends().message().get(UnknownAttributes.TYPE))
                .contains(new UnknownAttributes(List.of(0x0002, 0x0002)));
    }

    @Test
    @Rfc("3489#11.2.10")
    void evenListOfAClassicClientIsLeftAsItIs() {
        server.whenClientSends(classicRequest(new OpaqueAttribute(0x0002, 8), new ChangeRequest(true, false)));

        assertThat(server.thenServerSends().message().get(UnknownAttributes.TYPE))
                .contains(new UnknownAttributes(List.of(0x0002, 0x0003)));
    }
}
