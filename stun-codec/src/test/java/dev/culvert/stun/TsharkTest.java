package dev.culvert.stun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.attribute.Attributes;
import dev.culvert.stun.attribute.ChangeRequest;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.EvenPort;
import dev.culvert.stun.attribute.Fingerprint;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.OpaqueAttributes;
import dev.culvert.stun.attribute.OtherAddress;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.PasswordAlgorithms;
import dev.culvert.stun.attribute.Priority;
import dev.culvert.stun.attribute.RandomAttributes;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.Software;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second opinion: Wireshark's dissector reads what we write. */
class TsharkTest {
    private static final TransactionId ID = new TransactionId(0x2112A44201020304L, 0x05060708090A0B0CL);
    private static final int LINKTYPE_RAW_IP = 101;
    private static final int UDP_HEADERS = 28;

    @TempDir
    Path folder;

    @BeforeEach
    void tsharkIsInstalled() {
        Requirements.command("tshark");
    }

    @Test
    void everyAttributeIsDissectedWithoutComplaint() throws Exception {
        RandomAttributes values = new RandomAttributes(
                RandomGeneratorFactory.of("L64X128MixRandom").create(1));
        // Tshark takes the padding of an algorithm's parameters for missing bytes; the two that exist have no
        // parameters.
        Set<AttributeType<?>> withoutParameters = Set.of(PasswordAlgorithm.TYPE, PasswordAlgorithms.TYPE);
        List<AttributeType<?>> types = Attributes.all().stream()
                .filter(type -> type.number() != Fingerprint.TYPE.number() && !withoutParameters.contains(type))
                .toList();
        List<byte[]> packets =
                types.stream().map(type -> written(values.next(type))).toList();

        List<List<String>> rows =
                dissect(packets, "stun.att.type", "stun.att.crc32.status", "_ws.malformed", "stun.type.method");

        assertThat(rows).hasSameSizeAs(types);
        for (int i = 0; i < types.size(); i++) {
            String known = "0x%04x,0x8028".formatted(types.get(i).number());
            // Tshark shows no type that it does not know, which varies with its version.
            boolean isKnown = types.get(i).number() < 0xC000 && !types.get(i).equals(OpaqueAttributes.TIMER_VAL);
            String expected = isKnown ? known : "";
            assertThat(rows.get(i).get(0))
                    .as("%s", types.get(i))
                    .startsWith(expected)
                    .endsWith("0x8028");
            assertThat(rows.get(i).subList(1, 4)).as("%s", types.get(i)).containsExactly("1", "", "0x0001");
        }
    }

    @Test
    void valuesAreReadAsTheyWereMeant() throws Exception {
        Map<Attribute, List<String>> expected = new LinkedHashMap<>();
        expected.put(
                new XorMappedAddress(TransportAddress.parse("192.0.2.1:32853").orElseThrow()),
                List.of("stun.att.ipv4", "192.0.2.1"));
        expected.put(
                new XorMappedAddress(
                        TransportAddress.parse("[2001:db8::7]:32853").orElseThrow()),
                List.of("stun.att.ipv6", "2001:db8::7"));
        expected.put(
                new OtherAddress(TransportAddress.parse("192.0.2.1:3479").orElseThrow()),
                List.of("stun.att.port", "3479"));
        expected.put(new Lifetime(777), List.of("stun.att.lifetime", "777"));
        expected.put(new Priority(0x6E0001FFL), List.of("stun.att.priority", "1845494271"));
        expected.put(new ErrorCode(438, "Stale"), List.of("stun.att.error.reason", "Stale"));
        expected.put(new ErrorCode(438, ""), List.of("stun.att.error", "38"));
        expected.put(new ChannelNumber(0x4001), List.of("stun.att.channelnum", "0x4001"));
        expected.put(new RequestedTransport(17), List.of("stun.att.transp", "0x11"));
        expected.put(new ChangeRequest(true, false), List.of("stun.att.change-ip", "1"));
        expected.put(new ChangeRequest(false, true), List.of("stun.att.change-port", "1"));
        expected.put(new EvenPort(true), List.of("stun.att.even-port.reserve-next", "1"));
        expected.put(new Username("\u30DE"), List.of("stun.att.username", "\u30DE"));
        expected.put(new Software("x"), List.of("stun.att.software", "x"));
        expected.put(
                PasswordAlgorithms.of(PasswordAlgorithm.MD5, PasswordAlgorithm.SHA_256),
                List.of("stun.att.pw_alg", "1,2"));
        List<byte[]> packets =
                expected.keySet().stream().map(TsharkTest::written).toList();
        String[] fields = expected.values().stream().map(field -> field.get(0)).toArray(String[]::new);

        List<List<String>> rows = dissect(packets, fields);

        int row = 0;
        for (Map.Entry<Attribute, List<String>> entry : expected.entrySet()) {
            assertThat(rows.get(row).get(row))
                    .as("%s", entry.getKey())
                    .isEqualTo(entry.getValue().get(1));
            row++;
        }
    }

    @Test
    void channelDataIsDissected() throws Exception {
        ByteBuffer packet = ByteBuffer.allocate(100);
        ChannelData.writeHeader(packet, 0x4007, 5);
        packet.put("hello".getBytes(StandardCharsets.US_ASCII));
        ChannelData.pad(packet, 5);

        List<List<String>> rows =
                dissect(List.of(Arrays.copyOf(packet.array(), packet.position())), "stun.channel", "_ws.malformed");

        assertThat(rows).containsExactly(List.of("0x4007", ""));
    }

    private static byte[] written(Attribute attribute) {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        StunWriter writer = new StunWriter();
        writer.begin(buffer, MessageClass.REQUEST, StunMethod.BINDING, ID)
                .add(attribute)
                .fingerprint();
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    /** What tshark says of each packet, field by field. */
    private List<List<String>> dissect(List<byte[]> packets, String... fields)
            throws IOException, InterruptedException {
        Path capture = Files.write(folder.resolve("written.pcap"), pcap(packets));
        List<String> command = new ArrayList<>(
                List.of("tshark", "-r", capture.toString(), "-T", "fields", "-E", "separator=;", "-E", "occurrence=a"));
        for (String field : fields) {
            command.add("-e");
            command.add(field);
        }
        Process tshark = new ProcessBuilder(command)
                .redirectError(folder.resolve("tshark.log").toFile())
                .start();
        String output = new String(tshark.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(tshark.waitFor())
                .as(() -> folder.resolve("tshark.log").toString())
                .isZero();
        return output.lines().map(line -> List.of(line.split(";", -1))).toList();
    }

    /** A capture file of UDP datagrams from port 40000 to port 3478. */
    private static byte[] pcap(List<byte[]> packets) {
        int length = packets.stream()
                .mapToInt(packet -> packet.length + 16 + UDP_HEADERS)
                .sum();
        ByteBuffer file = ByteBuffer.allocate(24 + length);
        file.putInt(0xA1B2C3D4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(0xFFFF)
                .putInt(LINKTYPE_RAW_IP);
        for (byte[] packet : packets) {
            int ipLength = packet.length + UDP_HEADERS;
            file.putLong(0).putInt(ipLength).putInt(ipLength);
            file.putShort((short) 0x4500).putShort((short) ipLength).putInt(0).putInt(0x40110000);
            file.putInt(0x7F000001).putInt(0x7F000002);
            file.putShort((short) 40000).putShort((short) 3478);
            file.putShort((short) (packet.length + 8)).putShort((short) 0).put(packet);
        }
        return file.array();
    }
}
