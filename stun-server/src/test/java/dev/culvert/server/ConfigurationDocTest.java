package dev.culvert.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.server.config.ConfigText;
import dev.culvert.server.config.ServerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationDocTest {
    private static final Path PAGE = Path.of("..", "docs", "configuration.md");

    @Test
    void thePageHoldsARowForEverySetting() throws IOException {
        String table = ConfigText.markdown(ServerSettings.ALL.all());

        assertThat(Files.readString(PAGE)).contains("\n" + table + "\n");
    }
}
