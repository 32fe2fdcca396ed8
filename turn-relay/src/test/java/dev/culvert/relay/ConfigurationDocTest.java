package dev.culvert.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.config.TurnSettings;
import dev.culvert.server.config.ConfigText;
import dev.culvert.server.config.ServerSettings;
import dev.culvert.server.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigurationDocTest {
    private static final Path PAGE = Path.of("..", "docs", "configuration.md");

    @Test
    void thePageHoldsARowForEverySettingThatStunServerHasNot() throws IOException {
        List<Setting<?>> own = TurnSettings.ALL.all().stream()
                .filter(setting -> !ServerSettings.ALL.all().contains(setting))
                .toList();

        assertThat(own).contains(TurnSettings.REALM).doesNotContain(ServerSettings.LISTEN);
        assertThat(Files.readString(PAGE)).contains("\n" + ConfigText.markdown(own) + "\n");
    }
}
