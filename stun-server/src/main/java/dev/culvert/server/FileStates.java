package dev.culvert.server;

import dev.culvert.server.config.Setting;
import dev.culvert.server.config.Settings;
import dev.culvert.server.config.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How files are at one moment: when they were changed, and a digest of what those hold that settings name.
 *
 * <p>Modification times are compared rather than events awaited, because a certificate is often renewed by turning a
 * link to another folder.
 */
final class FileStates {
    private static final FileTime MISSING = FileTime.from(Instant.EPOCH);
    private static final String UNREADABLE = "";

    private final Map<Path, FileTime> modified = new LinkedHashMap<>();
    private final Map<String, List<String>> digests = new HashMap<>();

    /** Notes when {@code file} was changed. */
    void look(Path file) {
        modified.put(file, modified(file));
    }

    /** Notes the files that {@code setting} names. */
    void look(Setting<?> setting, Values values) {
        if (!setting.isFile() || !values.areSound(setting)) {
            return;
        }
        List<String> found = new ArrayList<>();
        values.texts(setting).forEach(given -> {
            Path file = Path.of(given.text());
            look(file);
            found.add(digest(file));
        });
        digests.put(setting.name(), found);
    }

    /** Whether a file has changed since. */
    boolean haveChanged() {
        return modified.entrySet().stream()
                .anyMatch(each -> !modified(each.getKey()).equals(each.getValue()));
    }

    /** These, and the files of {@code others} that are none of these, as they are now. */
    FileStates with(FileStates others) {
        FileStates all = new FileStates();
        all.modified.putAll(modified);
        others.modified.keySet().forEach(file -> all.modified.computeIfAbsent(file, FileStates::modified));
        all.digests.putAll(digests);
        return all;
    }

    /** These, where what the files of settings hold is that of {@code before} unless a change of it applies at once. */
    FileStates liveOver(FileStates before, Settings settings) {
        FileStates mixed = new FileStates();
        mixed.modified.putAll(modified);
        for (Setting<?> setting : settings.all()) {
            mixed.digests.put(setting.name(), (setting.isLive() ? this : before).digests(setting));
        }
        return mixed;
    }

    /** Whether the files of {@code setting} hold something else here than in {@code others}. */
    boolean differ(Setting<?> setting, FileStates others) {
        return !digests(setting).equals(others.digests(setting));
    }

    private List<String> digests(Setting<?> setting) {
        return digests.getOrDefault(setting.name(), List.of());
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return MISSING; // between removal and replacement; the next look sees the new one
        }
    }

    private static String digest(Path file) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(digest);
        } catch (IOException e) {
            return UNREADABLE; // whoever reads it says so
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
