package dev.culvert.relay.usage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of usage events. One that is long gets another name, which tells the time, and a new one is begun; so it is
 * when somebody else has renamed it. None is ever deleted. Owned by one thread.
 */
final class UsageFile implements LineOutlet {
    private static final Logger LOG = LoggerFactory.getLogger(UsageFile.class);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /** In place of a length for a file that is never renamed. */
    static final long UNLIMITED = Long.MAX_VALUE;

    private final long mostBytes;
    private final InstantSource clock;
    private LineFile file;
    private boolean isRenamingRefused;

    private UsageFile(LineFile file, long mostBytes, InstantSource clock) {
        this.file = file;
        this.mostBytes = mostBytes;
        this.clock = clock;
    }

    /** @param mostBytes after which a new file is begun, or {@link #UNLIMITED} */
    static UsageFile open(Path path, long mostBytes, InstantSource clock) throws IOException {
        return new UsageFile(LineFile.open(path), mostBytes, clock);
    }

    @Override
    public void append(ByteBuffer lines, int count) throws IOException {
        if (!file.hasItsName()) {
            reopen();
        } else if (file.lengthBytes() > 0 && file.lengthBytes() + lines.remaining() > mostBytes) {
            rename();
        }
        file.append(lines);
    }

    private void reopen() throws IOException {
        LineFile next = LineFile.open(file.path());
        file.close();
        file = next;
    }

    private void rename() throws IOException {
        Path path = file.path();
        try {
            Files.move(path, unused(path.resolveSibling(path.getFileName() + "." + STAMP.format(clock.instant()))));
        } catch (IOException e) {
            // A file that is too long is better than none.
            if (!isRenamingRefused) {
                LOG.warn("--usage-file {}: cannot be renamed: {}; it grows on", path, FailureText.of(e));
            }
            isRenamingRefused = true;
            return;
        }
        isRenamingRefused = false;
        reopen();
    }

    private static Path unused(Path wanted) {
        Path path = wanted;
        for (int i = 2; Files.exists(path); i++) {
            path = wanted.resolveSibling(wanted.getFileName() + "-" + i);
        }
        return path;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
