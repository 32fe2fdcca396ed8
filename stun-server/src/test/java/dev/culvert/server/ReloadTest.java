package dev.culvert.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.server.admin.ReloadReport;
import dev.culvert.server.admin.ReloadReport.Change;
import dev.culvert.server.admin.ReloadReport.Effect;
import dev.culvert.server.admin.ServerState.Series;
import dev.culvert.server.config.FileLayer;
import dev.culvert.server.config.Given;
import dev.culvert.server.config.Layer;
import dev.culvert.server.config.Problem;
import dev.culvert.server.config.Problems;
import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerSettings;
import dev.culvert.server.config.Values;
import dev.culvert.server.io.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadTest {
    private static final Change DRAIN_TIMEOUT = new Change("drain-timeout", Effect.APPLIED);

    @TempDir
    Path directory;

    private final List<ServerConfig> applied = new ArrayList<>();
    private Path file = Path.of("");
    private boolean serverRefuses;

    @BeforeEach
    void writeFile() throws IOException {
        file = directory.resolve("stun.yaml");
        write("threads: 2", "drain-timeout: 10s");
    }

    private void write(String... lines) throws IOException {
        Files.writeString(file, String.join("\n", lines) + "\n");
    }

    private Reload<ServerConfig> started() {
        Problems problems = new Problems();
        Configuration<ServerConfig> configuration =
                new Configuration<>(this::layers, Optional.of(file), ServerSettings::bind, problems);
        assertThat(problems.list()).isEmpty();
        return new Reload<>(configuration, this::apply, new ServiceNotifier(Map.of()));
    }

    private Values layers(Problems problems) {
        Layer options = new Layer();
        options.put(ServerSettings.ALL, "log-level", List.of(new Given("warn", "--log-level")), problems);
        Layer ofFile = FileLayer.read(new Given(file.toString(), "--config"), ServerSettings.ALL, problems);
        return new Values(ServerSettings.ALL, List.of(ofFile, options), problems);
    }

    private void apply(ServerConfig config) {
        if (serverRefuses) {
            throw new IllegalArgumentException("no good");
        }
        applied.add(config);
    }

    @Test
    void aSettingThatMayChangeIsAppliedAndReported() throws IOException {
        Reload<ServerConfig> reload = started();
        write("threads: 2", "drain-timeout: 20s");

        ReloadReport report = reload.run();

        assertThat(report.changes()).containsExactly(DRAIN_TIMEOUT);
        assertThat(applied)
                .singleElement()
                .satisfies(config -> assertThat(config.drainTimeout()).isEqualTo(Duration.ofSeconds(20)));
    }

    @Test
    void whatIsWrittenInAnotherWayIsNoChange() throws IOException {
        Reload<ServerConfig> reload = started();
        write("# a comment", "drain-timeout: \"10000ms\"", "threads: 2", "log-level: debug");

        assertThat(reload.run().changes()).isEmpty();
    }

    @Test
    void aSettingThatNeedsARestartStaysAndIsReportedAsLongAsItDiffers() throws IOException {
        Reload<ServerConfig> reload = started();
        write("threads: 7", "drain-timeout: 20s");

        assertThat(reload.run().changes()).containsExactly(new Change("threads", Effect.NEEDS_RESTART), DRAIN_TIMEOUT);
        assertThat(reload.run().changes()).containsExactly(new Change("threads", Effect.NEEDS_RESTART));
        write("threads: 2", "drain-timeout: 20s");
        assertThat(reload.run().changes()).isEmpty();

        assertThat(applied).hasSize(3).allMatch(config -> config.threads() == 2);
    }

    @Test
    void aBrokenFileChangesNothingAndEachProblemIsNamedWithLineAndKey() throws IOException {
        Reload<ServerConfig> reload = started();
        write("threads: many", "drain-timeout: 20s", "relm: example.org");

        ReloadReport report = reload.run();

        assertThat(report.changes()).isEmpty();
        assertThat(report.problems())
                .extracting(Problem::where)
                .containsExactlyInAnyOrder(file + ":1: threads", file + ":3: relm");
        assertThat(applied).isEmpty();
        write("threads: 2", "drain-timeout: 20s");
        assertThat(reload.run().changes()).containsExactly(DRAIN_TIMEOUT);
    }

    @Test
    void whatTheServerRefusesChangesNothing() throws IOException {
        Reload<ServerConfig> reload = started();
        write("threads: 2", "drain-timeout: 20s");
        serverRefuses = true;

        assertThat(reload.run().problems()).extracting(Problem::wrong).containsExactly("no good");

        serverRefuses = false;
        assertThat(reload.run().changes()).containsExactly(DRAIN_TIMEOUT);
    }

    @Test
    void numbersTellHowReloadsWentAndWhetherTheLastOneDid() throws IOException {
        Reload<ServerConfig> reload = started();
        assertThat(numbers(reload)).containsEntry("config_last_reload_successful", 1L);

        reload.run();
        write("threads: many");
        reload.run();

        assertThat(numbers(reload))
                .containsEntry("config_reloads", 1L)
                .containsEntry("config_reload_failures", 1L)
                .containsEntry("config_last_reload_successful", 0L);
    }

    private static Map<String, Long> numbers(Reload<?> reload) {
        return List.of(reload.counters(), reload.levels()).stream()
                .flatMap(map -> map.entrySet().stream())
                .collect(Collectors.toMap(entry -> series(entry).name(), Map.Entry::getValue));
    }

    private static Series series(Map.Entry<Series, Long> entry) {
        return entry.getKey();
    }

    @Test
    void aChangedFileIsReadOnce() throws IOException {
        Reload<ServerConfig> reload = started();

        reload.ifChanged();
        assertThat(applied).isEmpty();
        touch(file, 1_000);
        reload.ifChanged();
        reload.ifChanged();

        assertThat(applied).hasSize(1);
    }

    @Test
    void aFileThatVanishesAndComesBackIsRead() throws IOException {
        Reload<ServerConfig> reload = started();

        Files.delete(file);
        reload.ifChanged();
        assertThat(applied).isEmpty();
        write("threads: 2", "drain-timeout: 20s");
        reload.ifChanged();

        assertThat(applied).hasSize(1);
    }

    @Test
    void aCertificateThatIsReplacedBeforeItsKeyIsTakenWithTheKey() throws Exception {
        TestCertificate before = TestCertificate.named("one.example.org", directory);
        TestCertificate after = TestCertificate.named("two.example.org", directory);
        Path certificate = directory.resolve("live.crt");
        Path key = directory.resolve("live.key");
        replace(before.certificateFile(), certificate, 1_000);
        replace(before.keyFile(), key, 1_000);
        write("listen: [\"tls:127.0.0.1:0\"]", "tls-certificate: [" + certificate + "]", "tls-key: [" + key + "]");
        Reload<ServerConfig> reload = started();

        replace(after.certificateFile(), certificate, 2_000);
        reload.ifChanged();
        assertThat(applied).isEmpty();
        replace(after.keyFile(), key, 3_000);
        reload.ifChanged();
        assertThat(applied).hasSize(1);
        reload.ifChanged();
        assertThat(applied).hasSize(1);

        replace(before.certificateFile(), certificate, 4_000);
        replace(before.keyFile(), key, 4_000);
        assertThat(reload.run().changes())
                .containsExactly(new Change("tls-certificate", Effect.APPLIED), new Change("tls-key", Effect.APPLIED));
    }

    @Test
    void whatCannotBeHadWithoutARestartIsSaid() throws Exception {
        TestCertificate identity = TestCertificate.named("one.example.org", directory);
        write(
                "listen: [\"tls:127.0.0.1:0\"]",
                "tls-certificate: [" + identity.certificateFile() + "]",
                "tls-key: [" + identity.keyFile() + "]");
        Reload<ServerConfig> reload = started();
        write("listen: [\"udp:127.0.0.1:0\"]", "drain-timeout: 20s");

        ReloadReport report = reload.run();

        assertThat(report.problems()).singleElement().asString().contains("listen", "certificate", "restart");
        assertThat(applied).isEmpty();
    }

    private static void replace(String from, Path to, long millis) throws IOException {
        Files.copy(Path.of(from), to, StandardCopyOption.REPLACE_EXISTING);
        touch(to, millis);
    }

    private static void touch(Path file, long millis) throws IOException {
        Files.setLastModifiedTime(file, FileTime.fromMillis(millis));
    }
}
