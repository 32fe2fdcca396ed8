package dev.culvert.relay.usage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An open file that is appended to in whole lines or not at all. Owned by one thread. */
final class LineFile {
    private static final Set<OpenOption> APPENDING =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    private static final byte LINE_FEED = '\n';

    private final Path path;
    private final FileChannel channel;

    /** What tells this file from another of the same name; null where the system has no such thing. */
    private final @Nullable Object key;

    /** Whether it ends in a part of a line. */
    private boolean isTorn;

    private LineFile(Path path, FileChannel channel, @Nullable Object key, boolean isTorn) {
        this.path = path;
        this.channel = channel;
        this.key = key;
        this.isTorn = isTorn;
    }

    /** Opens {@code path} behind what it holds; a new file is only its owner's and its group's to read. */
    static LineFile open(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path, APPENDING, attributes(path));
        try {
            boolean isTorn = channel.size() > 0 && !endsWithLineFeed(path);
            return new LineFile(path, channel, key(path), isTorn);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static FileAttribute<?>[] attributes(Path path) {
        boolean isPosix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return isPosix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean endsWithLineFeed(Path path) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        try (FileChannel reading = FileChannel.open(path, StandardOpenOption.READ)) {
            return reading.read(last, reading.size() - 1) == 1 && last.get(0) == LINE_FEED;
        }
    }

    private static @Nullable Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    Path path() {
        return path;
    }

    long lengthBytes() throws IOException {
        return channel.size();
    }

    /** Whether its name still leads to it, and not to another file or to none. */
    boolean hasItsName() throws IOException {
        try {
            return Objects.equals(key, key(path));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Appends {@code lines}, which end in a line feed; throws where there is no room, and leaves no part of them. */
    void append(ByteBuffer lines) throws IOException {
        long before = channel.size();
        try {
            if (isTorn) {
                writeAll(ByteBuffer.wrap(new byte[] {LINE_FEED}));
            }
            writeAll(lines);
            isTorn = false;
        } catch (IOException e) {
            takeBack(before, e);
            throw e;
        }
    }

    private void writeAll(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private void takeBack(long length, IOException cause) {
        try {
            if (channel.size() > length) {
                channel.truncate(length);
            }
        } catch (IOException e) {
            isTorn = true;
            cause.addSuppressed(e);
        }
    }

    /** Writes through to the disk, and closes. */
    void close() throws IOException {
        try (channel) {
            channel.force(false);
        }
    }
}
