package dev.culvert.relay.convert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.server.config.Problem;
import dev.culvert.server.config.Problems;
import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every option of coturn 4.6.1 becomes a setting, or something is said of it. */
class ConvertedOptionsTest {
    private static final Path EXAMPLE = Path.of("/usr/share/doc/coturn/examples/etc/turnserver.conf");
    private static final String UNKNOWN = "no option that this program knows";

    static Stream<String> options() throws IOException {
        try (InputStream stream =
                Objects.requireNonNull(ConvertedOptionsTest.class.getResourceAsStream("coturn-4.6.1-options.txt"))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines().filter(line -> !line.startsWith("#")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("options")
    void eachOptionIsMappedOrNamed(String option) {
        String name = option.split("=", 2)[0];

        String yaml = converted(option);

        assertThat(yaml).doesNotContain(UNKNOWN);
        assertThat(comments(yaml))
                .containsPattern("(^|[ :(])" + name + "(,|:| \\(line)")
                .contains("line 1");
    }

    @ParameterizedTest
    @MethodSource("options")
    void whatIsPrintedIsAConfiguration(String option) {
        String basis = option.startsWith("user=") || option.startsWith("static-auth-secret") || option.equals("no-auth")
                ? "realm=example.org\n"
                : "realm=example.org\nuser=alice:wonderland\n";

        String yaml = converted(basis + option);

        assertThat(ConvertCommand.check(yaml)).allMatch(ConvertedOptionsTest::isAboutAFileOrSecret);
    }

    /** A database of secrets, or a certificate that is not on this machine. */
    private static boolean isAboutAFileOrSecret(Problem problem) {
        return problem.wrong().equals("there is no such file")
                || problem.where().equals("authentication");
    }

    @Test
    void allOptionsTogetherAreAConfiguration() throws IOException {
        String yaml = converted(options()
                .filter(option -> !option.startsWith("no-udp") && !option.startsWith("no-tcp"))
                .collect(Collectors.joining("\n")));

        assertThat(yaml).doesNotContain(UNKNOWN);
        assertThat(ConvertCommand.check(yaml)).allMatch(ConvertedOptionsTest::isAboutAFileOrSecret);
    }

    @Test
    void thisListIsThatOfCoturnsOwnExample() throws IOException {
        Requirements.that(Files.isReadable(EXAMPLE), "needs coturn's example, " + EXAMPLE);
        List<String> known = options().map(option -> option.split("=", 2)[0]).toList();

        List<String> named = Files.readAllLines(EXAMPLE).stream()
                .filter(line -> line.matches("#? ?[A-Za-z0-9_-]+(=.*)?"))
                .filter(line -> line.contains("=") || !line.startsWith("# "))
                .map(line -> line.replaceFirst("^#? ?", "").split("=", 2)[0])
                .toList();

        assertThat(named).hasSizeGreaterThan(100).allMatch(known::contains);
    }

    @Test
    void coturnsOwnExampleIsConvertedWithEveryLineOfItSwitchedOn() throws IOException {
        Requirements.that(Files.isReadable(EXAMPLE), "needs coturn's example, " + EXAMPLE);
        String switchedOn = Files.readAllLines(EXAMPLE).stream()
                .filter(line -> line.matches("#?[A-Za-z0-9_-]+(=.*)?"))
                .map(line -> line.replaceFirst("^#", ""))
                .filter(line -> !line.matches("no-(udp|tcp|tls)"))
                .collect(Collectors.joining("\n"));

        String yaml = converted(switchedOn);

        assertThat(yaml).doesNotContain(UNKNOWN).contains("shared-secret: [north]\n");
        assertThat(ConvertCommand.check(yaml)).allMatch(ConvertedOptionsTest::isAboutAFileOrSecret);
    }

    private static String converted(String file) {
        Problems problems = new Problems();
        String yaml = ConvertCommand.convert(Path.of("/etc/turnserver.conf"), file, problems);
        // A file that leaves no listener is refused; the option that does so is said to, all the same.
        assertThat(problems.list()).allMatch(problem -> problem.wrong().equals("leaves no listener"));
        return yaml;
    }

    private static String comments(String yaml) {
        return yaml.lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^# *", ""))
                .collect(Collectors.joining(" "));
    }
}
