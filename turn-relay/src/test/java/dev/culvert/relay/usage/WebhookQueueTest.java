package dev.culvert.relay.usage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookQueueTest {
    private static final long ROOM = 1 << 24;
    private static final int MOST_BYTES = 1 << 18;

    @TempDir
    private Path folder;

    @Test
    void eventsComeOutAsTheyWentInUntilTheyAreDelivered() throws IOException {
        WebhookQueue queue = WebhookQueue.open(folder, ROOM);
        append(queue, "1", "2", "3");

        EventBatch first = queue.peek(2, MOST_BYTES).orElseThrow();
        EventBatch again = queue.peek(2, MOST_BYTES).orElseThrow();
        queue.delivered(first);
        EventBatch second = queue.peek(2, MOST_BYTES).orElseThrow();
        queue.delivered(second);

        assertThat(text(first)).isEqualTo("{\"events\":[1,2]}").isEqualTo(text(again));
        assertThat(first.count()).isEqualTo(2);
        assertThat(text(second)).isEqualTo("{\"events\":[3]}");
        assertThat(queue.peek(2, MOST_BYTES)).isEmpty();
        assertThat(queue.events()).isZero();
        assertThat(queue.bytes()).isZero();
    }

    @Test
    void batchHoldsWholeEventsOnly() throws IOException {
        WebhookQueue queue = WebhookQueue.open(folder, ROOM);
        append(queue, "1111", "2222", "3333");

        assertThat(text(queue.peek(10, 12).orElseThrow())).isEqualTo("{\"events\":[1111,2222]}");
    }

    @Test
    void whatWasNotDeliveredOutlastsARestart() throws IOException {
        WebhookQueue before = WebhookQueue.open(folder, ROOM);
        append(before, "1", "2", "3");
        before.delivered(before.peek(1, MOST_BYTES).orElseThrow());
        before.close();

        WebhookQueue after = WebhookQueue.open(folder, ROOM);
        append(after, "4");

        assertThat(after.events()).isEqualTo(3);
        assertThat(drain(after)).containsExactly("2", "3", "4");
        after.close();
        assertThat(drain(WebhookQueue.open(folder, ROOM))).isEmpty();
    }

    @Test
    void numberOfADeliveredFileIsNotGivenToAnother() throws IOException {
        WebhookQueue first = WebhookQueue.open(folder, ROOM);
        append(first, "1");
        first.delivered(first.peek(1, MOST_BYTES).orElseThrow());
        first.close();
        WebhookQueue.open(folder, ROOM).close();

        WebhookQueue third = WebhookQueue.open(folder, ROOM);
        append(third, "2", "3");
        third.close();

        assertThat(drain(WebhookQueue.open(folder, ROOM))).containsExactly("2", "3");
    }

    @Test
    void partOfAnEventThatACrashHasLeftIsLeftOut() throws IOException {
        WebhookQueue before = WebhookQueue.open(folder, ROOM);
        append(before, "1", "2");
        before.close();
        Files.writeString(segments().get(0), "{\"torn", StandardOpenOption.APPEND);

        WebhookQueue after = WebhookQueue.open(folder, ROOM);
        append(after, "3");

        assertThat(after.events()).isEqualTo(3);
        assertThat(drain(after)).containsExactly("1", "2", "3");
    }

    @Test
    void noteThatMakesNoSenseMeansThatNothingWasDelivered() throws IOException {
        WebhookQueue before = WebhookQueue.open(folder, ROOM);
        append(before, "1", "2");
        before.delivered(before.peek(1, MOST_BYTES).orElseThrow());
        before.close();
        Files.writeString(folder.resolve("delivered"), "gibberish");

        assertThat(drain(WebhookQueue.open(folder, ROOM))).containsExactly("1", "2");
    }

    @Test
    void fullQueueRefusesAndTakesMoreWhenThereIsRoomAgain() throws IOException {
        WebhookQueue queue = WebhookQueue.open(folder, 10);
        append(queue, "1111", "2222");

        assertThat(queue.isShortOfRoom()).isTrue();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> append(queue, "3"))
                .withMessageContaining("full")
                .withMessageContaining("2 events");
        queue.delivered(queue.peek(1, MOST_BYTES).orElseThrow());
        append(queue, "3");

        assertThat(drain(queue)).containsExactly("2222", "3");
    }

    @Test
    void deliveredFilesAreDeleted() throws IOException {
        WebhookQueue queue = WebhookQueue.open(folder, ROOM);
        String line = "x".repeat(WebhookQueue.SEGMENT_BYTES / 4);
        for (int i = 0; i < 12; i++) {
            append(queue, line);
        }
        assertThat(segments()).hasSize(3);

        for (int i = 0; i < 12; i++) {
            queue.delivered(queue.peek(10, line.length() + 1).orElseThrow());
        }

        assertThat(segments()).isEmpty();
        append(queue, "on");
        assertThat(drain(queue)).containsExactly("on");
    }

    @Test
    void fileThatSomebodyDeletedStopsNothing() throws IOException {
        WebhookQueue queue = WebhookQueue.open(folder, ROOM);
        append(queue, "x".repeat(WebhookQueue.SEGMENT_BYTES));
        append(queue, "kept");
        Files.delete(segments().get(0));

        assertThat(drain(queue)).containsExactly("kept");
        assertThat(queue.events()).isZero();
        assertThat(queue.bytes()).isZero();
    }

    @Test
    void folderOfAnotherServerIsRefused() throws IOException {
        WebhookQueue first = WebhookQueue.open(folder, ROOM);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> WebhookQueue.open(folder, ROOM))
                .withMessageContaining("another server");
        first.close();
        WebhookQueue.open(folder, ROOM).close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void nothingIsLostOrOutOfOrderWhateverHappensWhen(long seed) throws IOException {
        Random random = new Random(seed);
        WebhookQueue queue = WebhookQueue.open(folder, ROOM);
        List<String> out = new ArrayList<>();
        int in = 0;
        for (int i = 0; i < 600; i++) {
            int what = random.nextInt(20);
            if (what == 0) {
                queue.close();
                queue = WebhookQueue.open(folder, ROOM);
            } else if (what < 12) {
                append(queue, "%d-%s".formatted(in, "y".repeat(random.nextInt(40_000))));
                in++;
            } else {
                Optional<EventBatch> batch = queue.peek(1 + random.nextInt(5), MOST_BYTES);
                if (batch.isPresent()) {
                    out.addAll(events(batch.get()));
                    queue.delivered(batch.get());
                }
            }
        }
        out.addAll(drain(queue));

        assertThat(out.stream().map(event -> event.substring(0, event.indexOf('-'))))
                .containsExactlyElementsOf(
                        IntStream.range(0, in).mapToObj(Integer::toString).toList());
        assertThat(queue.bytes()).isZero();
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        }
    }

    private static void append(WebhookQueue queue, String... lines) throws IOException {
        queue.append(ByteBuffer.wrap((String.join("\n", lines) + "\n").getBytes(UTF_8)), lines.length);
    }

    private static List<String> drain(WebhookQueue queue) throws IOException {
        List<String> all = new ArrayList<>();
        Optional<EventBatch> next = queue.peek(3, 2 * WebhookQueue.SEGMENT_BYTES);
        while (next.isPresent()) {
            all.addAll(events(next.get()));
            queue.delivered(next.get());
            next = queue.peek(3, 2 * WebhookQueue.SEGMENT_BYTES);
        }
        return all;
    }

    private static List<String> events(EventBatch batch) {
        String text = text(batch);
        return List.of(
                text.substring("{\"events\":[".length(), text.length() - 2).split(","));
    }

    private static String text(EventBatch batch) {
        return new String(batch.body(), UTF_8);
    }
}
