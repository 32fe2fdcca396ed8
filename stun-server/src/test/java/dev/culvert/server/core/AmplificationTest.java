package dev.culvert.server.core;

import static dev.culvert.server.core.ServerUnderTest.classicRequest;
import static dev.culvert.server.core.ServerUnderTest.request;
import static dev.culvert.server.core.ServerUnderTest.requestWithFingerprint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.attribute.ChangeRequest;
import dev.culvert.stun.attribute.Padding;
import dev.culvert.stun.attribute.ReceiptRequest;
import dev.culvert.stun.attribute.ResponsePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What somebody gets who sends a request under the address of another: bytes out for bytes in. */
class AmplificationTest {
    private static final Path PAGE = Path.of("..", "docs", "security.md");

    private final List<String> rows = new ArrayList<>();

    @Test
    void pageShowsWhatEachKindOfRequestMakesTheServerSend() throws IOException {
        measure("Binding", ServerUnderTest::withOneAddress, request());
        measure("Binding with FINGERPRINT", ServerUnderTest::withOneAddress, requestWithFingerprint());
        measure("Binding of RFC 3489", ServerUnderTest::withOneAddress, classicRequest());
        measure("one unknown attribute", ServerUnderTest::withOneAddress, request(new OpaqueAttribute(0x7FFF, 0)));
        measure("16,000 unknown attributes", ServerUnderTest::withOneAddress, request(many()));
        measure("Binding, with alternates", ServerUnderTest::withAlternate, request());
        measure("Binding of RFC 3489, with alternates", ServerUnderTest::withAlternate, classicRequest());
        measure("CHANGE-REQUEST", ServerUnderTest::withAlternate, request(new ChangeRequest(true, true)));
        measure("RESPONSE-PORT", ServerUnderTest::withAlternate, request(new ResponsePort(53)));
        measure("PADDING of 100", ServerUnderTest::withAlternate, request(new Padding(100)));
        measure("PADDING of 1500", ServerUnderTest::withAlternate, request(new Padding(1500)));
        measure("receipt, refused for its length", ServerUnderTest::withReceipts, receipt(0));
        measure("receipt", ServerUnderTest::withReceipts, receipt(68));

        assertThat(Files.readString(PAGE)).contains(String.join("\n", rows) + "\n");
    }

    private static OpaqueAttribute[] many() {
        OpaqueAttribute[] many = new OpaqueAttribute[16_000];
        Arrays.setAll(many, i -> new OpaqueAttribute(0x1000 + i, 0));
        return many;
    }

    private static byte[] receipt(int room) {
        return request(new ChangeRequest(true, true), new ReceiptRequest(room));
    }

    private void measure(String what, Supplier<ServerUnderTest> server, byte[] bytes) {
        ServerUnderTest asked = server.get();
        asked.whenClientSends(bytes);
        long out = asked.counters.value(Counter.BINDING_ANSWER_BYTES);
        rows.add(String.format(
                Locale.ROOT, "| %s | %d | %d | %.2f |", what, bytes.length, out, (double) out / bytes.length));
    }
}
