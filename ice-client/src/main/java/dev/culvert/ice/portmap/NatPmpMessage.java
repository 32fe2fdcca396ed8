package dev.culvert.ice.portmap;

import dev.culvert.stun.IpAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The messages of the NAT Port Mapping Protocol (RFC 6886).
 *
 * <pre>
 * external address:  0 | 0                        →  0 | 128      | result (2) | epoch (4) | address (4)
 * mapping:           0 | 1 UDP, 2 TCP | 0 (2) | internal port (2) | suggested port (2) | lifetime (4)
 *                 →  0 | 129, 130 | result (2) | epoch (4) | internal port (2) | external port (2) | lifetime (4)
 * </pre>
 */
final class NatPmpMessage {
    static final int EXTERNAL_ADDRESS = 0;

    private static final int RESPONSE = 0x80;
    private static final int HEADER_BYTES = 8;
    private static final int ADDRESS_BYTES = 12;
    private static final int MAP_BYTES = 16;
    private static final int UNSUPPORTED_VERSION = 1;

    private NatPmpMessage() {}

    /**
     * A response.
     *
     * @param opcode that of the request
     * @param address of the router outside; 0.0.0.0 where the response does not tell
     * @param internalPort 0 where the response is not about a mapping, as the others
     */
    record Response(
            int opcode,
            int result,
            long epoch,
            IpAddress address,
            int internalPort,
            int externalPort,
            long lifetimeSeconds) {}

    static ByteBuffer externalAddress() {
        return ByteBuffer.allocate(2);
    }

    /** A request for a mapping, or with a lifetime of 0 for its removal. */
    static ByteBuffer map(PortProtocol protocol, int internalPort, int suggestedPort, long lifetimeSeconds) {
        return ByteBuffer.allocate(12)
                .put((byte) 0)
                .put((byte) opcode(protocol))
                .putShort((short) 0)
                .putShort((short) internalPort)
                .putShort((short) suggestedPort)
                .putInt((int) lifetimeSeconds)
                .flip();
    }

    static int opcode(PortProtocol protocol) {
        return protocol == PortProtocol.UDP ? 1 : 2;
    }

    /** Reads a response; empty where {@code bytes} are none. */
    static Optional<Response> parse(ByteBuffer bytes) {
        ByteBuffer view = bytes.slice();
        if (view.remaining() < HEADER_BYTES || view.get(0) != 0 || (view.get(1) & RESPONSE) == 0) {
            return Optional.empty();
        }
        int opcode = view.get(1) & 0x7F;
        int result = view.getShort(2) & 0xFFFF;
        int needed = opcode == EXTERNAL_ADDRESS ? ADDRESS_BYTES : MAP_BYTES;
        // An error may leave out what has no meaning then.
        if (view.remaining() < needed && (result == 0 || opcode != EXTERNAL_ADDRESS)) {
            return Optional.empty();
        }
        return Optional.of(response(view, opcode, result));
    }

    private static Response response(ByteBuffer view, int opcode, int result) {
        long epoch = view.getInt(4) & 0xFFFF_FFFFL;
        if (opcode == EXTERNAL_ADDRESS) {
            // RFC 6886 §3.2: with an error, the address means nothing.
            int bits = result == 0 ? view.getInt(8) : 0;
            return new Response(opcode, result, epoch, IpAddress.v4(bits), 0, 0, 0);
        }
        return new Response(
                opcode,
                result,
                epoch,
                IpAddress.v4(0),
                view.getShort(8) & 0xFFFF,
                view.getShort(10) & 0xFFFF,
                view.getInt(12) & 0xFFFF_FFFFL);
    }

    /**
     * Whether {@code bytes} say that the server does not speak NAT-PMP: an error about the version, in its own format
     * (RFC 6887 §9) or in the one of RFC 6886 §3.5.
     */
    static boolean isUnsupportedVersion(ByteBuffer bytes) {
        ByteBuffer view = bytes.slice();
        return view.remaining() >= 4 && view.get(0) != 0 && view.get(3) == UNSUPPORTED_VERSION;
    }

    /** RFC 6886 §3.5: the result codes that are not success; those not defined are fatal, too. */
    static MappingFailure failure(int result) {
        MappingFailure.Kind kind = switch (result) {
            case 1, 5 -> MappingFailure.Kind.UNSUPPORTED;
            case 2 -> MappingFailure.Kind.NOT_AUTHORIZED;
            case 3 -> MappingFailure.Kind.NETWORK_FAILURE;
            case 4 -> MappingFailure.Kind.NO_RESOURCES;
            default -> MappingFailure.Kind.REFUSED;
        };
        return new MappingFailure(MappingProtocol.NAT_PMP, kind, "result code " + result);
    }
}
