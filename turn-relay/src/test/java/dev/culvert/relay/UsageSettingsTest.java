package dev.culvert.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.usage.UsageConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageSettingsTest {
    private static final String URL = "https://billing.example.org/turn?key=k3y";

    @TempDir
    private Path folder;

    @Test
    void nobodyIsToldByDefault() {
        assertThat(run().config().usage()).isEqualTo(UsageConfig.OFF);
        assertThat(run().config().usage().isOff()).isTrue();
    }

    @Test
    void everySettingIsHeeded() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "a secret of enough bytes\n");

        UsageConfig usage = run("--usage-file", "/var/log/usage.jsonl", "--usage-file-size", "2GiB")
                .config()
                .usage();
        UsageConfig posted = run(
                        "--webhook",
                        URL,
                        "--webhook-secret-file",
                        secret.toString(),
                        "--webhook-queue-dir",
                        "/var/lib/q",
                        "--webhook-queue-size",
                        "5MiB",
                        "--usage-interval",
                        "5m")
                .config()
                .usage();

        assertThat(usage.file()).contains(new UsageConfig.EventFile(Path.of("/var/log/usage.jsonl"), 2L << 30));
        assertThat(posted.webhook())
                .contains(new UsageConfig.Webhook(URI.create(URL), secret, Path.of("/var/lib/q"), 5 << 20));
        assertThat(posted.interval()).isEqualTo(Duration.ofMinutes(5));
        assertThat(posted.webhook().toString()).doesNotContain("k3y");
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() throws IOException {
        Path shortSecret = Files.writeString(folder.resolve("short"), "hunter2");

        assertThat(run("--webhook", URL, "--usage-interval", "10", "--usage-file-size", "1000")
                        .errors())
                .anyMatch(line -> line.contains("--webhook: has no secret to sign with"))
                .anyMatch(line -> line.contains("--webhook: has no folder for what waits"))
                .anyMatch(line -> line.contains("--usage-interval \"10\": the unit is missing"))
                .anyMatch(line -> line.contains("--usage-file-size \"1000\": the unit is missing"))
                .noneMatch(line -> line.contains("k3y"));
        assertThat(run("--webhook-secret-file", shortSecret.toString()).errors())
                .anyMatch(line -> line.contains("means nothing without --webhook"))
                .anyMatch(line -> line.contains("fewer than 16 bytes"))
                .noneMatch(line -> line.contains("hunter2"));
        assertThat(run("--webhook", "billing.example.org/k3y").errors())
                .anyMatch(line -> line.contains("--webhook: not the address of an endpoint"))
                .noneMatch(line -> line.contains("k3y"));
    }

    @Test
    void addressOfTheWebhookIsNotPrinted() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "a secret of enough bytes\n");

        Invocation printed = run(
                "--webhook",
                URL,
                "--webhook-secret-file",
                secret.toString(),
                "--webhook-queue-dir",
                "q",
                "--print-config");

        assertThat(printed.out()).contains("webhook-secret-file").doesNotContain("k3y", "enough bytes");
    }

    private static Invocation run(String... options) {
        List<String> all = new ArrayList<>(List.of("--realm", "example.org", "--user", "alice:wonderland"));
        all.addAll(List.of(options));
        return Invocation.of(all.toArray(new String[0]));
    }
}
