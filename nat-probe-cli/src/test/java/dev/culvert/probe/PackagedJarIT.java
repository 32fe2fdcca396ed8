package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The packaged jar as a process of its own, in pipes. */
class PackagedJarIT {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final Path JAR = Path.of(System.getProperty(
            "culvert.nat-probe.jar", Path.of("target", "nat-probe.jar").toString()));

    private record Finished(int exit, String out, String err) {}

    private static Finished run(String input, String... args) {
        List<String> command = new ArrayList<>(List.of(JAVA, "-Dfile.encoding=UTF-8", "-jar", JAR.toString()));
        command.addAll(List.of(args));
        try {
            Process process = new ProcessBuilder(command).start();
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Finished(process.exitValue(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void classifiesWithNothingOnStandardError() {
        try (LoopbackServer server = new LoopbackServer()) {
            Finished classified = run("", server.address());

            assertThat(classified.out()).startsWith("NAT Type: Open Internet\nExternal IP: 127.0.0.1\nExternal Port: ");
            assertThat(classified.out()).doesNotContain("\u001b");
            assertThat(classified.err()).isEmpty();
            assertThat(classified.exit()).isZero();
        }
    }

    @Test
    void decodesStandardInput() {
        Finished decoded = run("000100002112a442000102030405060708090a0b\n", "decode");

        assertThat(decoded.out()).isEqualTo("  Binding request, 20 bytes, transaction 000102030405060708090a0b\n");
        assertThat(decoded.exit()).isZero();
    }

    @Test
    void knowsItsVersion() {
        assertThat(run("", "--version").out()).matches("nat-probe [0-9]+\\.[0-9]+.*\n");
    }

    @Test
    void errorsEndInTheirExitCode() {
        assertThat(run("", "--bogus").exit()).isEqualTo(2);
        assertThat(run("", "bind", "no-such-host.invalid").exit()).isEqualTo(1);
        assertThat(run("", "--timeout", "200ms", "127.0.0.1:1").exit()).isEqualTo(30);
    }

    @Test
    void watchEndsWhenNobodyReadsAnyMore() throws IOException, InterruptedException {
        try (LoopbackServer server = new LoopbackServer()) {
            Process watch = new ProcessBuilder(
                            JAVA, "-jar", JAR.toString(), "watch", "--interval", "1s", server.address())
                    .redirectErrorStream(true)
                    .start();
            BufferedReader out = watch.inputReader(StandardCharsets.UTF_8);
            assertThat(out.readLine()).endsWith("server " + server.address() + " answers");

            out.close();

            assertThat(watch.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(watch.exitValue()).isZero();
        }
    }

    @Test
    void watchEndsByCtrlCWithTheExitCodeOfItsLastVerdict() throws IOException, InterruptedException {
        try (LoopbackServer server = new LoopbackServer()) {
            Process watch = new ProcessBuilder(JAVA, "-jar", JAR.toString(), "watch", server.address())
                    .redirectErrorStream(true)
                    .start();
            BufferedReader out = watch.inputReader(StandardCharsets.UTF_8);
            assertThat(out.readLine()).endsWith("server " + server.address() + " answers");
            assertThat(out.readLine()).endsWith("external 127.0.0.1");
            assertThat(out.readLine()).contains("NAT Open Internet");

            new ProcessBuilder("kill", "-INT", Long.toString(watch.pid()))
                    .start()
                    .waitFor();

            assertThat(watch.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(watch.exitValue()).isZero();
            assertThat(out.readLine()).isNull();
        }
    }
}
