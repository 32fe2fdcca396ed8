package dev.culvert.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.server.config.ServerSettings;
import dev.culvert.server.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConfigurationDocTest {
    private static final Path PAGE = Path.of("..", "docs", "configuration.md");

    @Test
    void thePageHoldsARowForEverySetting() throws IOException {
        String expected = Stream.concat(
                        Stream.of(
                                "| option | key | environment | default | meaning |",
                                "| --- | --- | --- | --- | --- |"),
                        ServerSettings.ALL.all().stream().map(ConfigurationDocTest::row))
                .collect(Collectors.joining("\n"));

        String table = Files.readString(PAGE)
                .lines()
                .dropWhile(line -> !line.startsWith("| option | key "))
                .takeWhile(line -> line.startsWith("|"))
                .collect(Collectors.joining("\n"));

        assertThat(table).isEqualTo(expected);
    }

    private static String row(Setting<?> setting) {
        String value = setting.isFlag() ? "" : " " + setting.label();
        String off = setting.offSwitch().isEmpty() ? "" : ", `--" + setting.offSwitch() + "`";
        String repeat = setting.repeatable() ? " (repeat)" : "";
        return "| "
                + String.join(
                        " | ",
                        List.of(
                                "`" + setting.option() + value.replace("|", "\\|") + "`" + off + repeat,
                                "`" + setting.name() + "`",
                                "`" + setting.variable() + "`",
                                escaped(setting.shownDefault()),
                                escaped(setting.help())))
                + " |";
    }

    /** Without what Markdown would take for emphasis. */
    private static String escaped(String text) {
        return text.replace("*", "\\*");
    }
}
