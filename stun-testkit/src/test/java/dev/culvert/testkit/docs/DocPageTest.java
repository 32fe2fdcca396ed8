package dev.culvert.testkit.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class DocPageTest {
    private static DocPage page(String... lines) {
        return DocPage.parse("docs/x.md", String.join("\n", lines));
    }

    @Test
    void theLanguageOrTheCommentAboveTellsWhatIsDoneWithABlock() {
        DocPage page = page(
                "```console",
                "$ true",
                "```",
                "<!-- before on client",
                "touch a",
                "-->",
                "text",
                "<!-- example: part of deploy/x.yaml -->",
                "```yaml",
                "a: 1",
                "```",
                "<!-- example: not run: needs the world -->",
                "```",
                "boom",
                "```");

        assertThat(page.blocks())
                .containsExactly(
                        new DocBlock("docs/x.md:1", new Mark.Run("server"), "$ true\n"),
                        new DocBlock("docs/x.md:4", new Mark.Before("client"), "touch a\n"),
                        new DocBlock("docs/x.md:9", new Mark.PartOf("deploy/x.yaml"), "a: 1\n"),
                        new DocBlock("docs/x.md:13", new Mark.NotRun("needs the world"), "boom\n"));
    }

    @Test
    void aBlockOfWhichNobodySaysWhatIsDoneIsRefused() {
        assertThatThrownBy(() -> page("", "```xml", "<a/>", "```"))
                .hasMessageContaining("docs/x.md:2")
                .hasMessageContaining("\"xml\"");
        assertThatThrownBy(() -> page("<!-- example: looks good -->", "```xml", "<a/>", "```"))
                .hasMessageContaining("looks good");
        assertThatThrownBy(() -> page("```console", "$ true")).hasMessageContaining("docs/x.md:1");
    }

    @Test
    void aCommandGoesOnBehindABackslashAPipeAndInAHereDocument() {
        List<ConsoleStep> steps = new DocBlock("x", new Mark.Run("server"), """
                        $ a \\
                            b |
                          c
                        one

                        two
                        $ cat > f <<'END'
                        $ no command
                        END
                        $ d
                        listening
                        ready
                        """).steps();

        assertThat(steps)
                .extracting(ConsoleStep::command)
                .containsExactly("a \\\n    b |\n  c", "cat > f <<'END'\n$ no command\nEND", "d");
        assertThat(steps).extracting(ConsoleStep::shown).containsExactly("one\n\ntwo", "", "listening\nready");
        assertThat(steps).extracting(ConsoleStep::isServer).containsExactly(false, false, true);
        assertThatThrownBy(() -> ConsoleStep.of("x", "no prompt\n")).hasMessageContaining("no prompt");
    }
}
