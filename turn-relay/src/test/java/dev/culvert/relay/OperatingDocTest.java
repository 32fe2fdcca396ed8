package dev.culvert.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.config.TurnSettings;
import dev.culvert.server.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperatingDocTest {
    private static final Path PAGE = Path.of("..", "docs", "operating.md");

    @Test
    void thePageTellsOfEverySettingWhenAChangeTakesEffect() throws IOException {
        List<String> expected =
                TurnSettings.ALL.all().stream().map(OperatingDocTest::beginning).toList();

        List<String> rows = Files.readString(PAGE)
                .lines()
                .filter(line -> line.contains("| at once |") || line.contains("| at a restart |"))
                .map(line -> line.replaceFirst("^(\\|[^|]*\\|[^|]*\\|).*", "$1"))
                .toList();

        assertThat(rows).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static String beginning(Setting<?> setting) {
        return "| `" + setting.name() + "` | " + (setting.isLive() ? "at once" : "at a restart") + " |";
    }
}
