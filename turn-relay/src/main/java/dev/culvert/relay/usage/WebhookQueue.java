package dev.culvert.relay.usage;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events on the disk that wait for their endpoint: files of lines in a folder, and a note how far they were delivered. One
 * thread appends and one takes; the lock between them is held for no longer than a file operation.
 */
final class WebhookQueue implements LineOutlet {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookQueue.class);
    private static final String SUFFIX = ".jsonl";
    private static final String DELIVERED = "delivered";

    /** After which a new file is begun; no file is deleted before all that is in it was delivered. */
    static final int SEGMENT_BYTES = 1 << 20;

    private final Path folder;
    private final long capacityBytes;
    private final FileChannel lock;
    private final Deque<Segment> segments = new ArrayDeque<>();
    private @Nullable LineFile last;
    private long nextNumber;

    /** How much of the first segment was delivered. */
    private long deliveredBytes;

    private long events;
    private long bytes;

    /** One file. Mutable. */
    private static final class Segment {
        final long number;
        final Path path;
        long lengthBytes;

        /** Those that were not delivered. */
        long events;

        Segment(long number, Path path) {
            this.number = number;
            this.path = path;
        }
    }

    private WebhookQueue(Path folder, long capacityBytes, FileChannel lock) {
        this.folder = folder;
        this.capacityBytes = capacityBytes;
        this.lock = lock;
    }

    /**
     * Opens the queue in {@code folder}, which is made where it is missing, with what an earlier run left there.
     *
     * @throws IOException if it cannot be read and written, or another server uses it
     */
    static WebhookQueue open(Path folder, long capacityBytes) throws IOException {
        Files.createDirectories(folder);
        FileChannel lock =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        WebhookQueue queue = new WebhookQueue(folder, capacityBytes, lock);
        try {
            requireAlone(lock);
            queue.load();
            return queue;
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    private static void requireAlone(FileChannel lock) throws IOException {
        FileLock held;
        try {
            held = lock.tryLock();
        } catch (OverlappingFileLockException e) {
            held = null;
        }
        if (held == null) {
            throw new IOException("is used by another server");
        }
    }

    private void load() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.getFileName().toString().matches("[0-9]{1,18}\\" + SUFFIX))
                    .sorted()
                    .toList();
        }
        String[] note = note();
        long first = Long.parseLong(note[0]);
        long fromBytes = Long.parseLong(note[1]);
        // A number of which something was delivered is not given to another file.
        nextNumber = fromBytes == 0 ? first : first + 1;
        for (Path file : files) {
            String name = file.getFileName().toString();
            long number = Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
            if (number < first) {
                Files.deleteIfExists(file);
                continue;
            }
            load(new Segment(number, file), number == first ? fromBytes : 0);
            nextNumber = number + 1;
        }
    }

    private void load(Segment segment, long fromBytes) throws IOException {
        byte[] content = Files.readAllBytes(segment.path);
        int from = (int) Math.min(fromBytes, content.length);
        int end = 0;
        for (int at = 0; at < content.length; at++) {
            if (content[at] == '\n') {
                end = at + 1;
                segment.events += at >= from ? 1 : 0;
            }
        }
        if (end < content.length) {
            LOG.warn("{}: {} bytes of an event that was not written to its end", segment.path, content.length - end);
        }
        if (segment.events == 0) {
            Files.deleteIfExists(segment.path);
            return;
        }
        deliveredBytes = segments.isEmpty() ? from : deliveredBytes;
        segment.lengthBytes = end;
        events += segment.events;
        bytes += end - from;
        segments.add(segment);
    }

    /** The number of the first segment, and how much of it was delivered. */
    private String[] note() throws IOException {
        try {
            String[] note = Files.readString(folder.resolve(DELIVERED)).strip().split(" ", 2);
            boolean isSound = note.length == 2 && note[0].matches("[0-9]{1,18}") && note[1].matches("[0-9]{1,18}");
            return isSound ? note : new String[] {"0", "0"};
        } catch (NoSuchFileException e) {
            return new String[] {"0", "0"};
        }
    }

    @Override
    public synchronized void append(ByteBuffer lines, int count) throws IOException {
        int lengthBytes = lines.remaining();
        if (bytes + lengthBytes > capacityBytes) {
            throw new IOException("the queue is full: " + events + " events wait for the webhook");
        }
        LineFile file = last;
        if (file == null || segments.isEmpty() || segments.getLast().lengthBytes >= SEGMENT_BYTES) {
            file = begin();
        }
        Segment segment = segments.getLast();
        try {
            file.append(lines);
        } catch (IOException e) {
            if (file.lengthBytes() != segment.lengthBytes) {
                closeLast(); // what comes later must not stand behind a part of a line
            }
            throw e;
        }
        segment.lengthBytes += lengthBytes;
        segment.events += count;
        bytes += lengthBytes;
        events += count;
    }

    private LineFile begin() throws IOException {
        closeLast();
        Path path = folder.resolve("%018d%s".formatted(nextNumber, SUFFIX));
        LineFile begun = LineFile.open(path);
        segments.add(new Segment(nextNumber, path));
        nextNumber++;
        last = begun;
        return begun;
    }

    private void closeLast() throws IOException {
        LineFile file = last;
        last = null;
        if (file != null) {
            file.close();
        }
    }

    @Override
    public synchronized boolean isShortOfRoom() {
        return bytes > capacityBytes / 2;
    }

    /** The events that are next, as many as fit; empty where none wait. */
    synchronized Optional<EventBatch> peek(int mostEvents, int mostBytes) throws IOException {
        while (!segments.isEmpty()) {
            Segment first = segments.getFirst();
            if (first.events == 0 && segments.size() == 1) {
                return Optional.empty();
            }
            if (first.events == 0) {
                drop(first);
                continue;
            }
            try {
                ByteBuffer read = read(first, mostBytes);
                return Optional.of(EventBatch.of(first.number, deliveredBytes, read, mostEvents));
            } catch (NoSuchFileException e) {
                LOG.error("{} was deleted; {} usage events are lost", first.path, first.events);
                events -= first.events;
                bytes -= first.lengthBytes - deliveredBytes;
                drop(first);
            }
        }
        return Optional.empty();
    }

    private ByteBuffer read(Segment segment, int mostBytes) throws IOException {
        int lengthBytes = (int) Math.min(mostBytes, segment.lengthBytes - deliveredBytes);
        ByteBuffer read = ByteBuffer.allocate(lengthBytes);
        try (FileChannel reading = FileChannel.open(segment.path, StandardOpenOption.READ)) {
            int got = 0;
            while (read.hasRemaining() && got >= 0) {
                got = reading.read(read, deliveredBytes + read.position());
            }
        }
        return read.flip();
    }

    /** Forgets what was delivered. */
    synchronized void delivered(EventBatch batch) throws IOException {
        Segment first = segments.getFirst();
        bytes -= batch.endBytes() - deliveredBytes;
        events -= batch.count();
        first.events -= batch.count();
        deliveredBytes = batch.endBytes();
        if (first.events == 0 && (segments.size() > 1 || first.lengthBytes >= SEGMENT_BYTES)) {
            drop(first);
        }
        note(segments.isEmpty() ? nextNumber : segments.getFirst().number);
    }

    private void drop(Segment first) throws IOException {
        segments.removeFirst();
        deliveredBytes = 0;
        if (segments.isEmpty()) {
            closeLast();
        }
        Files.deleteIfExists(first.path);
    }

    private void note(long first) throws IOException {
        Path next = folder.resolve(DELIVERED + ".new");
        Files.write(next, (first + " " + deliveredBytes + "\n").getBytes(US_ASCII));
        Files.move(
                next, folder.resolve(DELIVERED), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** How many events wait. */
    synchronized long events() {
        return events;
    }

    /** How much they take. */
    synchronized long bytes() {
        return bytes;
    }

    @Override
    public synchronized void close() throws IOException {
        closeLast();
        lock.close();
    }
}
