package dev.culvert.relay.usage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Keeps lines in memory, and refuses them when it is told to. */
final class MemoryOutlet implements LineOutlet {
    final List<String> lines = new ArrayList<>();
    boolean refuses;
    boolean isShort;

    @Override
    public void append(ByteBuffer bytes, int count) throws IOException {
        if (refuses) {
            throw new IOException("No space left on device");
        }
        List<String> more = UTF_8.decode(bytes).toString().lines().toList();
        if (more.size() != count) {
            throw new AssertionError(count + " lines were told, not " + more.size());
        }
        lines.addAll(more);
    }

    @Override
    public boolean isShortOfRoom() {
        return isShort;
    }

    @Override
    public void close() {}
}
