package dev.culvert.relay.usage;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where lines are kept. */
interface LineOutlet {
    /**
     * Appends lines, all of them or none.
     *
     * @param lines between position and limit, each with its line feed
     * @param count how many they are
     */
    void append(ByteBuffer lines, int count) throws IOException;

    /** Whether what can be spared is better left out. */
    default boolean isShortOfRoom() {
        return false;
    }

    /** Has what was appended outlast the machine, and takes no more. */
    void close() throws IOException;
}
