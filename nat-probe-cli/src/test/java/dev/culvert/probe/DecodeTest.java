package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.Software;
import dev.culvert.stun.attribute.UnknownAttributes;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.integrity.IntegrityKey;
import dev.culvert.stun.integrity.IntegrityMac;
import dev.culvert.testkit.SchemaCheck;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code decode}; the captures are of coturn's own clients and server, the counts those of tshark. */
class DecodeTest {
    @TempDir
    private Path folder;

    private static byte[] request() {
        ByteBuffer bytes = ByteBuffer.allocate(200);
        StunWriter writer = new StunWriter()
                .begin(bytes, MessageClass.REQUEST, StunMethod.ALLOCATE, TransactionId.random(new Random(1)))
                .add(new Username("alice"))
                .add(new Realm("example.org"))
                .add(new Software("a\u001b[31mb"));
        new IntegrityMac().sign(writer, IntegrityKey.longTerm("alice", "example.org", "secret"));
        writer.fingerprint();
        byte[] message = new byte[bytes.flip().remaining()];
        bytes.get(message);
        return message;
    }

    private CommandRun decode(byte[] input, String... options) throws IOException {
        Path file = folder.resolve("input");
        Files.write(file, input);
        String[] args = new String[options.length + 2];
        args[0] = "decode";
        System.arraycopy(options, 0, args, 1, options.length);
        args[args.length - 1] = file.toString();
        return CommandRun.of(args);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void numbersAreShownAsPeopleKnowThem() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(200);
        new StunWriter()
                .begin(bytes, MessageClass.REQUEST, StunMethod.CHANNEL_BIND, TransactionId.random(new Random(1)))
                .add(new ChannelNumber(0x4001))
                .add(new RequestedTransport(RequestedTransport.UDP))
                .add(new UnknownAttributes(List.of(0x0003, 0x7FFF)));

        String told = decode(ascii(HexFormat.of().formatHex(bytes.array(), 0, bytes.position())))
                .out();

        assertThat(told)
                .contains("CHANNEL-NUMBER: 0x4001")
                .contains("REQUESTED-TRANSPORT: 17 (UDP)")
                .contains("UNKNOWN-ATTRIBUTES: CHANGE-REQUEST, 0x7FFF");
    }

    @Test
    void hexBase64AndRawBytesSayTheSame() throws IOException {
        String hex = HexFormat.of().formatHex(request());

        String expected = decode(ascii(hex)).out();

        assertThat(expected)
                .contains("Allocate request")
                .contains("USERNAME: alice")
                .contains("REALM: example.org")
                .contains("fingerprint: valid");
        assertThat(decode(ascii("0x" + hex.substring(0, 50) + "\n  " + hex.substring(50) + "\n"))
                        .out())
                .isEqualTo(expected);
        assertThat(decode(ascii(HexFormat.ofDelimiter(":").formatHex(request())))
                        .out())
                .isEqualTo(expected);
        assertThat(decode(Base64.getEncoder().encode(request())).out()).isEqualTo(expected);
        assertThat(decode(Base64.getMimeEncoder().encode(request())).out()).isEqualTo(expected);
        assertThat(decode(request()).out()).isEqualTo(expected);
    }

    @Test
    void severalMessagesMayStandOneALine() throws IOException {
        String hex = HexFormat.of().formatHex(request());

        String out = decode(ascii(hex + "\n" + hex + "\n")).out();

        assertThat(out.split("Allocate request", -1)).hasSize(3);
    }

    @Test
    void textOfStrangersCannotCommandTheTerminal() throws IOException {
        assertThat(decode(request()).out()).contains("SOFTWARE: a\\u001b[31mb").doesNotContain("\u001b");
    }

    @Test
    void integrityIsCheckedWithThePassword() throws IOException {
        assertThat(decode(request(), "--password", "secret").out())
                .contains("integrity: valid (long-term key of alice at example.org, MD5)");
        assertThat(decode(request(), "--password", "wrong").out()).contains("integrity: NOT valid");
        assertThat(decode(request(), "--password", "secret", "--user", "bob").out())
                .contains("integrity: NOT valid");
    }

    @Test
    void changedByteIsSeenByFingerprintAndIntegrity() throws IOException {
        byte[] changed = request();
        changed[25] ^= 1;

        String out = decode(changed, "--password", "secret", "--user", "alice").out();

        assertThat(out).contains("fingerprint: NOT valid").contains("integrity: NOT valid");
    }

    @ParameterizedTest
    @CsvSource({
        "turn-ethernet.pcap, 136, 12, 104",
        "turn-raw.pcap, 136, 12, 104",
        "turn-cooked1.pcap, 16, 0, 16",
        "ipv6-cooked2.pcapng, 10, 0, 4",
    })
    void capturesHoldWhatTsharkFindsInThem(String name, int messages, int channelData, int protectedMessages) {
        CommandRun run = CommandRun.of("decode", "--password", "p", resource("capture/" + name));

        assertThat(run.out().lines().filter(line -> line.startsWith("#"))).hasSize(messages);
        assertThat(run.out().lines().filter(line -> line.contains("ChannelData,")))
                .hasSize(channelData);
        assertThat(run.out().lines().filter(line -> line.contains("integrity: valid")))
                .hasSize(protectedMessages);
        assertThat(run.out()).doesNotContain("NOT valid");
        assertThat(run.exit()).isZero();
    }

    @Test
    void jsonKeepsToItsSchema() {
        CommandRun run = CommandRun.of("decode", "--json", resource("capture/turn-ethernet.pcap"));

        assertThat(SchemaCheck.problems("nat-probe.decode.schema.json", run.out()))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"what is this?", "abc", "00 01 00"})
    void nonsenseIsRefusedInOneLine(String text) throws IOException {
        CommandRun run = decode(ascii(text));

        assertThat(run.exit()).isNotZero();
        assertThat(run.out() + run.err()).containsPattern("neither hexadecimal|not a STUN message|not ChannelData");
    }

    @Test
    void missingFileIsNamed() {
        CommandRun run = CommandRun.of("decode", "no-such-file");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("no-such-file");
    }

    @Test
    void captureCutAnywhereIsReadAsFarAsItGoes() throws IOException {
        for (String name : new String[] {"turn-raw.pcap", "ipv6-cooked2.pcapng"}) {
            byte[] whole = Files.readAllBytes(Path.of(resource("capture/" + name)));
            for (int length = 4; length < whole.length; length += 97) {
                CommandRun run = decode(Arrays.copyOf(whole, length));

                assertThat(run.exit())
                        .as("%s cut at %d: %s", name, length, run.err())
                        .isIn(0, 1);
            }
        }
    }

    @Test
    void damagedCapturesNeverThrow() throws IOException {
        Random random = new Random(5);
        byte[] whole = Files.readAllBytes(Path.of(resource("capture/ipv6-cooked2.pcapng")));
        for (int round = 0; round < 300; round++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i < 20; i++) {
                damaged[4 + random.nextInt(damaged.length - 4)] = (byte) random.nextInt();
            }

            CommandRun run = decode(damaged);

            assertThat(run.exit()).as(run.err()).isIn(0, 1);
        }
    }

    private static String resource(String name) {
        URL url = Objects.requireNonNull(DecodeTest.class.getResource(name), name);
        try {
            return Path.of(url.toURI()).toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
