package dev.culvert.relay.usage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageFileTest {
    @TempDir
    private Path folder;

    private Path path;

    @BeforeEach
    void name() {
        path = folder.resolve("usage.jsonl");
    }

    @Test
    void linesOfAnEarlierRunStay() throws IOException {
        Files.writeString(path, "old\n");
        UsageFile file = open(UsageFile.UNLIMITED);

        file.append(lines("new\n"), 1);

        assertThat(path).hasContent("old\nnew");
    }

    @Test
    void partOfALineThatACrashHasLeftStandsAlone() throws IOException {
        Files.writeString(path, "old\n{\"sche");
        UsageFile file = open(UsageFile.UNLIMITED);

        file.append(lines("new\n"), 1);

        assertThat(path).hasContent("old\n{\"sche\nnew");
    }

    @Test
    void newFileIsBegunWhenAnotherProgramHasRenamedTheOld() throws IOException {
        UsageFile file = open(UsageFile.UNLIMITED);
        file.append(lines("first\n"), 1);

        Files.move(path, folder.resolve("usage.jsonl.1"));
        file.append(lines("second\n"), 1);
        Files.delete(path);
        file.append(lines("third\n"), 1);

        assertThat(folder.resolve("usage.jsonl.1")).hasContent("first");
        assertThat(path).hasContent("third");
    }

    @Test
    void longFileGetsTheTimeInItsNameAndNoneIsReplaced() throws IOException {
        UsageFile file = open(12);
        for (String line :
                List.of("one\n", "two\n", "three\n", "four\n", "a line that is longer than a file\n", "five\n")) {
            file.append(lines(line), 1);
        }
        file.close();

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "usage.jsonl",
                            "usage.jsonl.20300101T100000Z",
                            "usage.jsonl.20300101T100000Z-2",
                            "usage.jsonl.20300101T100000Z-3");
        }
        assertThat(folder.resolve("usage.jsonl.20300101T100000Z")).hasContent("one\ntwo");
        assertThat(folder.resolve("usage.jsonl.20300101T100000Z-2")).hasContent("three\nfour");
        assertThat(path).hasContent("five");
    }

    @Test
    void fullDiskIsAFailureThatLeavesNothingBehind() throws IOException {
        Requirements.linux(); // /dev/full
        UsageFile file = UsageFile.open(Path.of("/dev/full"), UsageFile.UNLIMITED, InstantSource.fixed(Samples.TIME));

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.append(lines("one\n"), 1));
    }

    @Test
    void othersMayNotReadIt() throws IOException {
        Requirements.linux(); // permissions
        open(UsageFile.UNLIMITED);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .endsWith("---");
    }

    private UsageFile open(long mostBytes) throws IOException {
        return UsageFile.open(path, mostBytes, InstantSource.fixed(Samples.TIME));
    }

    private static ByteBuffer lines(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }
}
