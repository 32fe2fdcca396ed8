package dev.culvert.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.server.config.ConfigText;
import dev.culvert.server.config.Given;
import dev.culvert.server.config.Layer;
import dev.culvert.server.config.Parsers;
import dev.culvert.server.config.Problems;
import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerSettings;
import dev.culvert.server.config.Setting;
import dev.culvert.server.config.Settings;
import dev.culvert.server.config.Values;
import dev.culvert.stun.TransportAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrintedConfigTest {
    @TempDir
    Path directory;

    @Test
    void thePrintedConfigurationFedBackIsTheSame() throws IOException {
        Path token = Files.writeString(directory.resolve("a \"token\" # 1"), "t");
        String[] options = {
            "--listen=udp:127.0.0.1:3478",
            "--listen=tcp:[::1]:3478",
            "--alternate-address=127.0.0.2",
            "--alternate-port=4000",
            "--receipts",
            "--sip-reflector",
            "--unauthenticated-rate=7/s",
            "--max-connections=11",
            "--max-connections-per-prefix=3",
            "--idle-timeout=90s",
            "--handshake-timeout=500ms",
            "--threads=2",
            "--admin=[::1]:0",
            "--admin-token-file=" + token,
            "--drain-timeout=0s",
            "--log-level=debug",
            "--log-format=json",
            "--log-addresses=none"
        };
        ServerConfig expected = Invocation.of(options).config();

        String printed = Invocation.of(Stream.concat(Stream.of(options), Stream.of("--print-config"))
                        .toArray(String[]::new))
                .out();
        Path file = Files.writeString(directory.resolve("printed.yaml"), printed);

        assertThat(Invocation.of("--config", file.toString()).config()).isEqualTo(expected);
    }

    @Test
    void thePrintedDefaultsFedBackPrintTheSame() throws IOException {
        String printed = Invocation.of("--print-config").out();

        Path file = Files.writeString(directory.resolve("defaults.yaml"), printed);

        assertThat(Invocation.of("--print-config", "--config", file.toString()).out())
                .isEqualTo(printed);
    }

    @Test
    void theExampleIsValidAsItIsAndSaysTheDefaults() throws IOException {
        String example = Invocation.of("config", "--example").out();
        String active = example.lines()
                .map(line -> line.matches("#(tls|alternate-address|admin-(token|client|tls)).*")
                        ? ""
                        : line.replaceFirst("^#(?! )", ""))
                .reduce("", (text, line) -> text + line + "\n");
        Path asItIs = Files.writeString(directory.resolve("example.yaml"), example);
        Path uncommented = Files.writeString(directory.resolve("active.yaml"), active);

        assertThat(Invocation.of("--print-config", "--config", asItIs.toString())
                        .out())
                .isEqualTo(Invocation.of("--print-config").out());
        assertThat(Invocation.of("--print-config", "--config", uncommented.toString())
                        .out())
                .isEqualTo(Invocation.of("--print-config").out());
        assertThat(active).contains("listen: [\"udp:*:3478\"", "threads:");
    }

    @Test
    void anotherProgramMayChangeADefaultAndAddSettings() {
        Setting<Integer> pin = Setting.optional("pin", "N", Parsers.number(0, 9999), "A number.");
        Settings settings = ServerSettings.ALL.with(List.of(ServerSettings.ADMIN.withDefault("127.0.0.1:9641"), pin));

        Values values = values(settings, "12", new Problems());

        assertThat(ServerSettings.bind(values).admin().address())
                .contains(TransportAddress.parse("127.0.0.1:9641").orElseThrow());
        assertThat(values.find(pin)).contains(12);
        assertThat(settings.all()).hasSize(ServerSettings.ALL.all().size() + 1);
    }

    @Test
    void secretsAreNeitherPrintedNorQuotedInProblems() {
        Setting<Integer> pin = Setting.optional("pin", "N", Parsers.number(0, 9999), "A secret.")
                .hidden();
        Settings settings = new Settings(List.of(pin));

        Values sound = values(settings, "1234", new Problems());
        Problems problems = new Problems();
        values(settings, "hunter2", problems);

        assertThat(sound.one(pin)).isEqualTo(1234);
        assertThat(ConfigText.effective(sound)).isEqualTo("# pin: hidden\n");
        assertThat(problems.list())
                .hasSize(1)
                .noneMatch(problem -> problem.toString().contains("hunter2"));
    }

    private static Values values(Settings settings, String text, Problems problems) {
        Layer layer = new Layer();
        layer.put(settings, "pin", List.of(new Given(text, "--pin")), problems);
        return new Values(settings, List.of(layer), problems);
    }
}
