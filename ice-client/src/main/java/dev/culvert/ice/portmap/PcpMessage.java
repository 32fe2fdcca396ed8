package dev.culvert.ice.portmap;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The messages of the Port Control Protocol, version 2 (RFC 6887).
 *
 * <pre>
 * request:  version | R opcode | reserved (2)       | lifetime (4) | client's address (16)          | opcode's data
 * response: version | R opcode | reserved | result  | lifetime (4) | epoch (4)  | reserved (12)     | opcode's data
 * MAP:      nonce (12) | protocol | reserved (3) | internal port (2) | external port (2) | external address (16)
 * </pre>
 */
final class PcpMessage {
    static final int PORT = 5351;
    static final int VERSION = 2;
    static final int ANNOUNCE = 0;
    static final int MAP = 1;
    static final int NONCE_BYTES = 12;

    static final int SUCCESS = 0;
    static final int UNSUPP_VERSION = 1;

    private static final int HEADER_BYTES = 24;
    private static final int MAP_BYTES = 36;
    private static final int MAX_BYTES = 1100;
    private static final int RESPONSE = 0x80;
    private static final long IPV4_MAPPED = 0xFFFF_0000_0000L;

    private PcpMessage() {}

    /**
     * A response.
     *
     * @param version the version that the server speaks; where it is not 2 only {@code result} counts besides
     * @param lifetimeSeconds of the mapping, or of the error
     * @param map what a MAP response says; empty for others
     */
    record Response(int version, int opcode, int result, long lifetimeSeconds, long epoch, Optional<MapData> map) {}

    /** The part of a MAP response that tells to which request it belongs, and what was assigned. */
    record MapData(ByteBuffer nonce, int protocol, int internalPort, TransportAddress external) {}

    /** A request that changes nothing: is a server there, and what is its epoch? */
    static ByteBuffer announce(IpAddress client) {
        return header(HEADER_BYTES, ANNOUNCE, 0, client).flip();
    }

    /**
     * A request for a mapping, or with a lifetime of 0 for its removal.
     *
     * @param suggested the external address and port that would be liked; zeros for any
     */
    static ByteBuffer map(
            IpAddress client,
            ByteBuffer nonce,
            PortProtocol protocol,
            int internalPort,
            TransportAddress suggested,
            long lifetimeSeconds) {
        ByteBuffer bytes = header(HEADER_BYTES + MAP_BYTES, MAP, lifetimeSeconds, client);
        bytes.put(nonce.duplicate());
        // The number, and 24 reserved bits.
        bytes.putInt(protocol.number() << 24);
        bytes.putShort((short) internalPort);
        bytes.putShort((short) suggested.port());
        putAddress(bytes, suggested.ip());
        return bytes.flip();
    }

    private static ByteBuffer header(int lengthBytes, int opcode, long lifetimeSeconds, IpAddress client) {
        ByteBuffer bytes = ByteBuffer.allocate(lengthBytes);
        bytes.put((byte) VERSION).put((byte) opcode).putShort((short) 0);
        bytes.putInt((int) lifetimeSeconds);
        putAddress(bytes, client);
        return bytes;
    }

    /** RFC 6887 §5: an IPv4 address is written as an IPv4-mapped one. */
    private static void putAddress(ByteBuffer bytes, IpAddress ip) {
        bytes.putLong(ip.isIpv4() ? 0 : ip.high());
        bytes.putLong(ip.isIpv4() ? IPV4_MAPPED | ip.low() : ip.low());
    }

    private static IpAddress address(long high, long low) {
        boolean isIpv4 = high == 0 && (low & ~0xFFFF_FFFFL) == IPV4_MAPPED;
        return isIpv4 ? IpAddress.v4((int) low) : IpAddress.v6(high, low);
    }

    /** Reads a response of PCP, or of NAT-PMP to a request of PCP; empty where {@code bytes} are none. */
    static Optional<Response> parse(ByteBuffer bytes) {
        ByteBuffer view = bytes.slice();
        // RFC 6887 §8.3: shorter than four bytes, or not a response.
        if (view.remaining() < 4) {
            return Optional.empty();
        }
        int version = view.get(0) & 0xFF;
        int result = view.get(3) & 0xFF;
        // RFC 6887 §9: an older or newer server says so in its own format. That of NAT-PMP has no R bit (RFC 6886
        // §3.5).
        if (version != VERSION) {
            return result == UNSUPP_VERSION
                    ? Optional.of(new Response(version, view.get(1) & 0x7F, result, 0, 0, Optional.empty()))
                    : Optional.empty();
        }
        boolean isResponse = (view.get(1) & RESPONSE) != 0;
        // RFC 6887 §8.3: shorter than 24 bytes, longer than 1100, or not a multiple of four.
        boolean isSized =
                view.remaining() >= HEADER_BYTES && view.remaining() <= MAX_BYTES && view.remaining() % 4 == 0;
        return isResponse && isSized ? Optional.of(response(view)) : Optional.empty();
    }

    private static Response response(ByteBuffer view) {
        int opcode = view.get(1) & 0x7F;
        boolean hasMap = opcode == MAP && view.remaining() >= HEADER_BYTES + MAP_BYTES;
        return new Response(
                VERSION,
                opcode,
                view.get(3) & 0xFF,
                view.getInt(4) & 0xFFFF_FFFFL,
                view.getInt(8) & 0xFFFF_FFFFL,
                hasMap ? Optional.of(mapData(view)) : Optional.empty());
    }

    private static MapData mapData(ByteBuffer view) {
        byte[] nonce = new byte[NONCE_BYTES];
        view.get(HEADER_BYTES, nonce);
        int at = HEADER_BYTES + NONCE_BYTES;
        return new MapData(
                ByteBuffer.wrap(nonce),
                view.get(at) & 0xFF,
                view.getShort(at + 4) & 0xFFFF,
                new TransportAddress(
                        address(view.getLong(at + 8), view.getLong(at + 16)), view.getShort(at + 6) & 0xFFFF));
    }

    /** RFC 6887 §7.4: the result codes that are not success. */
    static MappingFailure failure(int result) {
        MappingFailure.Kind kind = switch (result) {
            case 2 -> MappingFailure.Kind.NOT_AUTHORIZED;
            case 1, 4, 5, 9 -> MappingFailure.Kind.UNSUPPORTED;
            case 7 -> MappingFailure.Kind.NETWORK_FAILURE;
            case 8 -> MappingFailure.Kind.NO_RESOURCES;
            case 10 -> MappingFailure.Kind.QUOTA_EXCEEDED;
            case 11 -> MappingFailure.Kind.CONFLICT;
            case 12 -> MappingFailure.Kind.ADDRESS_MISMATCH;
            default -> MappingFailure.Kind.REFUSED;
        };
        return new MappingFailure(MappingProtocol.PCP, kind, name(result));
    }

    private static String name(int result) {
        return switch (result) {
            case 1 -> "UNSUPP_VERSION";
            case 2 -> "NOT_AUTHORIZED";
            case 3 -> "MALFORMED_REQUEST";
            case 4 -> "UNSUPP_OPCODE";
            case 5 -> "UNSUPP_OPTION";
            case 6 -> "MALFORMED_OPTION";
            case 7 -> "NETWORK_FAILURE";
            case 8 -> "NO_RESOURCES";
            case 9 -> "UNSUPP_PROTOCOL";
            case 10 -> "USER_EX_QUOTA";
            case 11 -> "CANNOT_PROVIDE_EXTERNAL";
            case 12 -> "ADDRESS_MISMATCH";
            case 13 -> "EXCESSIVE_REMOTE_PEERS";
            default -> "result code " + result;
        };
    }
}
