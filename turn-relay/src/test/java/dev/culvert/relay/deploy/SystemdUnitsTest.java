package dev.culvert.relay.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The units as systemd reads them; {@code SystemdIT} runs one. */
class SystemdUnitsTest {
    private static final Pattern EXPOSURE = Pattern.compile("Overall exposure level for \\S+: (\\d+\\.\\d)");

    @TempDir
    Path directory;

    @BeforeEach
    void needsSystemd() {
        Requirements.command("systemd-analyze");
    }

    @ParameterizedTest
    @ValueSource(strings = {"turn-relay", "stun-server"})
    void systemdUnderstandsEveryLine(String program) throws Exception {
        String launcher = Path.of("..", "bin", program).toRealPath().toString();
        Path unit = directory.resolve(program + ".service");
        Files.writeString(
                unit, DeployFiles.text("systemd/" + program + ".service").replace("/usr/bin/" + program, launcher));

        String verdict = analyze("verify", "--man=no", "--recursive-errors=no", unit.toString());

        assertThat(verdict).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"turn-relay", "stun-server"})
    void aServiceIsExposedNoMoreThanItsWorkNeeds(String program) throws Exception {
        Path unit = DeployFiles.path("systemd/" + program + ".service").toRealPath();

        Matcher exposure = EXPOSURE.matcher(analyze("security", "--offline=true", "--no-pager", unit.toString()));

        assertThat(exposure.find()).isTrue();
        assertThat(Double.parseDouble(exposure.group(1))).isBetween(0.1, 1.6);
        assertThat(Files.readString(Path.of("..", "docs", "systemd.md"))).contains("for turn-relay.service: 1.6");
    }

    @Test
    void bothServicesAreConfinedInTheSameWay() throws IOException {
        assertThat(DeployFiles.text("systemd/stun-server.service")
                        .replace("stun-server", "turn-relay")
                        .lines()
                        .filter(line -> !line.startsWith("#") && !line.startsWith("Description=")))
                .containsExactlyElementsOf(DeployFiles.text("systemd/turn-relay.service")
                        .lines()
                        .filter(line -> !line.startsWith("#") && !line.startsWith("Description="))
                        .toList());
    }

    private static String analyze(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("systemd-analyze"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
