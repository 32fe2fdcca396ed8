package dev.culvert.ice.portmap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Rfc;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Bytes against the drawings of the RFCs. */
class MessagesTest {
    private static final IpAddress CLIENT = IpAddress.parse("192.168.7.2").orElseThrow();

    @Test
    @Rfc({"6887#7.1 (1)", "6887#11.1 (1)"})
    void pcpMapRequest() {
        ByteBuffer nonce = ByteBuffer.wrap(HexFormat.of().parseHex("0102030405060708090a0b0c"));
        TransportAddress suggested = TransportAddress.parse("0.0.0.0:1234").orElseThrow();

        ByteBuffer request = PcpMessage.map(CLIENT, nonce, PortProtocol.TCP, 80, suggested, 7200);

        assertThat(hex(request))
                .isEqualTo("02010000" + "00001c20" + "00000000000000000000ffffc0a80702" + "0102030405060708090a0b0c"
                        + "06000000" + "0050" + "04d2" + "00000000000000000000ffff00000000");
    }

    @Test
    @Rfc("6887#14.1.1 (1)")
    void pcpAnnounceRequest() {
        assertThat(hex(PcpMessage.announce(IpAddress.parse("2001:db8::7").orElseThrow())))
                .isEqualTo("02000000" + "00000000" + "20010db8000000000000000000000007");
    }

    @Test
    @Rfc({"6887#7.2 (1)", "6887#11.1 (2)"})
    void pcpMapResponse() {
        ByteBuffer bytes = bytes("02810000" + "00000e10" + "0000000a" + "000000000000000000000000"
                + "0102030405060708090a0b0c" + "11000000" + "1388" + "9c40" + "00000000000000000000ffffc6336409");

        PcpMessage.Response response = PcpMessage.parse(bytes).orElseThrow();

        assertThat(response.lifetimeSeconds()).isEqualTo(3600);
        assertThat(response.epoch()).isEqualTo(10);
        assertThat(response.map().orElseThrow().external()).hasToString("198.51.100.9:40000");
        assertThat(response.map().orElseThrow().internalPort()).isEqualTo(5000);
    }

    @Test
    @Rfc("6887#8.3 (2)")
    void pcpResponsesOfBadLengthAreIgnored() {
        String announcement = "02800000" + "00000000" + "0000000a" + "000000000000000000000000";

        assertThat(PcpMessage.parse(bytes(announcement))).isPresent();
        assertThat(PcpMessage.parse(bytes(announcement + "00"))).isEmpty();
        assertThat(PcpMessage.parse(bytes(announcement.substring(8)))).isEmpty();
        assertThat(PcpMessage.parse(bytes(announcement + "00".repeat(1100)))).isEmpty();
        assertThat(PcpMessage.parse(bytes("020000" + announcement.substring(6))))
                .isEmpty();
        assertThat(PcpMessage.parse(bytes("0280"))).isEmpty();
    }

    @Test
    @Rfc({"6886#3.2 (2)", "6886#3.3 (2)"})
    void natPmpMessages() {
        assertThat(hex(NatPmpMessage.externalAddress())).isEqualTo("0000");
        assertThat(hex(NatPmpMessage.map(PortProtocol.UDP, 5000, 1234, 7200)))
                .isEqualTo("0001" + "0000" + "1388" + "04d2" + "00001c20");
        assertThat(NatPmpMessage.parse(bytes("0080" + "0000" + "0000000a" + "c6336409"))
                        .orElseThrow()
                        .address())
                .isEqualTo(ScriptedRouter.WAN);
        NatPmpMessage.Response mapped = NatPmpMessage.parse(
                        bytes("0082" + "0000" + "0000000a" + "1388" + "9c40" + "00000e10"))
                .orElseThrow();
        assertThat(mapped.opcode()).isEqualTo(2);
        assertThat(mapped.externalPort()).isEqualTo(40_000);
        assertThat(mapped.lifetimeSeconds()).isEqualTo(3600);
    }

    @Test
    @Rfc("6887#8.5 (2)")
    void aPcpEpochMayDifferByASixteenthAndTwoSeconds() {
        assertThat(pcpReset(100, 100, 200)).isFalse();
        assertThat(pcpReset(100, 160, 264)).isFalse();
        assertThat(pcpReset(100, 160, 275)).isTrue();
        assertThat(pcpReset(100, 160, 245)).isTrue();
        assertThat(pcpReset(100, 0, 99)).isFalse();
        assertThat(pcpReset(100, 0, 98)).isTrue();
    }

    private static boolean pcpReset(long before, long passedSeconds, long after) {
        Epoch epoch = new Epoch();
        long start = Long.MAX_VALUE - 5;
        assertThat(epoch.isResetByPcp(before, start)).isFalse();
        return epoch.isResetByPcp(
                after, start + Duration.ofSeconds(passedSeconds).toNanos());
    }

    @Test
    @Rfc("6886#3.6 (1)")
    void aNatPmpEpochMayBeAnEighthSlowAndTwoSeconds() {
        assertThat(natPmpReset(100, 80, 168)).isFalse();
        assertThat(natPmpReset(100, 80, 167)).isTrue();
        assertThat(natPmpReset(100, 80, 5000)).isFalse();
    }

    private static boolean natPmpReset(long before, long passedSeconds, long after) {
        Epoch epoch = new Epoch();
        assertThat(epoch.isResetByNatPmp(before, 7)).isFalse();
        return epoch.isResetByNatPmp(
                after, 7 + Duration.ofSeconds(passedSeconds).toNanos());
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }

    private static String hex(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
