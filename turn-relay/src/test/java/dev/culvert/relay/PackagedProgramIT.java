package dev.culvert.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The packaged program as a process, as far as it needs no socket. */
class PackagedProgramIT {
    private static final Path JAR = Path.of(Objects.requireNonNull(
            System.getProperty("culvert.turn-relay.jar"), "culvert.turn-relay.jar: run by mvn verify"));

    @Test
    void theJarKnowsItsVersionAndItsCommands() throws Exception {
        Ended version = run("--version");

        assertThat(version.exitCode()).isZero();
        assertThat(version.output())
                .startsWith("turn-relay ")
                .doesNotContain("development")
                .hasLineCount(1);
        assertThat(run("policy", "10.0.0.7:5060"))
                .isEqualTo(new Ended(1, "denied: built-in deny 10.0.0.0/8 (Private-Use, RFC 1918)\n"));
        assertThat(run("credentials", "--shared-secret", "north").output())
                .contains("username: ", "\npassword: ")
                .hasLineCount(2);
    }

    @Test
    void withoutAuthenticationItEndsWith2AndOneLineForEachProblem() throws Exception {
        Ended ended = run("--no-admin");

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.output()).hasLineCount(2).contains("turn-relay: --realm: is missing", "--insecure-no-auth");
    }

    private record Ended(int exitCode, String output) {}

    private static Ended run(String... arguments) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(java, "-Xmx64m", "-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("CULVERT_"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }
}
