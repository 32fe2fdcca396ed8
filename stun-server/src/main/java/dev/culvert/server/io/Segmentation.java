package dev.culvert.server.io;

import io.netty.channel.unix.Errors.NativeIoException;

/** What is known of a kernel that cuts one long write into equal datagrams (GSO). */
final class Segmentation {
    /** A segment must fit the path's MTU, and every path carries this much (RFC 8200 §5, less IP and UDP headers). */
    static final int MAX_SEGMENT_BYTES = 1232;

    static final int MAX_SEGMENTS = 64;
    static final int MAX_TRAIN_BYTES = 60_000;

    /** What Linux answers where it cannot cut a train into segments. */
    static final int EIO = 5;

    private static final int EINVAL = 22;
    private static final int EMSGSIZE = 90;

    private Segmentation() {}

    /**
     * A segment over the path's MTU, or a device without checksum offload: clients repeat what was lost. Any other error,
     * such as a destination without a route, can be brought about by whoever forges a source, and must cost nothing.
     */
    static boolean isFaultOf(Throwable cause) {
        return cause instanceof NativeIoException failed && isFault(-failed.expectedErr());
    }

    /** The same, for an error number. */
    static boolean isFault(int error) {
        return error == EIO || error == EINVAL || error == EMSGSIZE;
    }
}
