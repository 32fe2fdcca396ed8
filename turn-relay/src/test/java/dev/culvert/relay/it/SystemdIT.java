package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.relay.it.FirstProcess.Ended;
import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** The units under a systemd that is the first process of its namespaces, with all that they forbid forbidden. */
@EnabledForJreRange(min = JRE.JAVA_22, disabledReason = "once is enough, with the sockets that need most system calls")
class SystemdIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<String> NAMESPACES = List.of("--net", "--mount", "--pid", "--uts", "--ipc", "--cgroup");
    private static final String CONFIGURATION = """
            realm: example.org
            user: ["%s:%s"]
            listen: ["udp:127.0.0.1:443", "tcp:127.0.0.1:443"]
            allow-peer: [127.0.0.0/8]
            rfc5766-channel-numbers: true
            usage-file: usage.jsonl
            drain-timeout: 2s
            """.formatted(TurnServerUnderTest.USER, TurnServerUnderTest.PASSWORD);

    @TempDir
    static Path folder;

    private static FirstProcess systemd;

    @BeforeAll
    static void boot() throws Exception {
        Requirements.networkNamespaces();
        for (String command : List.of("systemd-analyze", "systemd-sysusers", "nsenter", "ip", "turnutils_uclient")) {
            Requirements.command(command);
        }
        install();
        List<String> arguments =
                List.of(folder.toString(), ROOT.resolve("deploy").toString());
        systemd = FirstProcess.start(folder, NAMESPACES, "systemd.sh", arguments);
        await().atMost(PATIENCE)
                .until(() -> systemctl("is-system-running").output().matches("(?s).*(running|degraded)\n"));
    }

    /** As a package does: launchers, the jar, and the libraries beside it. */
    private static void install() throws IOException {
        Path jar = Path.of(TurnServerUnderTest.jar());
        copy(ROOT.resolve("bin"), folder.resolve("program/bin"));
        copy(jar.resolveSibling("lib"), folder.resolve("program/lib/lib"));
        Files.copy(jar, folder.resolve("program/lib/turn-relay.jar"));
        Path configuration = Files.createDirectories(folder.resolve("etc"));
        Files.writeString(configuration.resolve("turn-relay.yaml"), CONFIGURATION);
        Files.writeString(
                folder.resolve("defaults"),
                "CULVERT_LOG_LEVEL=debug\nJAVA_HOME=" + System.getProperty("java.home") + "\n");
        String output = "append:" + folder.resolve("output");
        Files.writeString(folder.resolve("dropin.conf"), """
                [Service]
                StandardOutput=%s
                StandardError=%s
                WatchdogSec=2s
                """.formatted(output, output));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    @AfterAll
    static void end() {
        if (systemd != null) {
            systemd.close();
        }
    }

    @BeforeEach
    void start() throws Exception {
        Files.writeString(folder.resolve("output"), "");
        Ended started = systemctl("start", "turn-relay");
        assertThat(started.exitCode()).as("%s\n%s", started, output()).isZero();
    }

    @Test
    void relaysOnPort443WithoutRootAndWithTheFastSockets() throws Exception {
        Ended client = uclient();

        assertThat(client.exitCode()).as("%s\n%s", client, output()).isZero();
        assertThat(client.output()).contains("Total lost packets 0");
        assertThat(output())
                .contains("listening udp 127.0.0.1:443\n", "listening tcp 127.0.0.1:443\n", "\nready\n")
                .contains("UDP sockets go by epoll with recvmmsg and sendmmsg");
        assertThat(inside("sh", "-c", "grep -E 'NoNewPrivs|Seccomp:|CapEff|CapBnd' /proc/" + mainPid() + "/status")
                        .output())
                .containsSubsequence("CapEff:\t0000000000000400", "CapBnd:\t0000000000000400")
                .containsSubsequence("NoNewPrivs:\t1", "Seccomp:\t2");
        assertThat(inside("stat", "--format=%U %a", "/var/lib/culvert/usage.jsonl")
                        .output())
                .isEqualTo("culvert 640\n");
    }

    /** Five messages between two of its clients, through the relay. */
    private static Ended uclient() throws Exception {
        String user = "-u %s -w %s".formatted(TurnServerUnderTest.USER, TurnServerUnderTest.PASSWORD);
        String command = "turnutils_uclient " + user + " -p 443 -y -c -m 1 -n 5 -z 20 127.0.0.1";
        return systemd.run(List.of("--net"), List.of(command.split(" ")));
    }

    @Test
    void aReloadTakesWhatIsSoundAndTellsWhatIsNot() throws Exception {
        String before = mainPid();
        inside("sh", "-c", "echo 'max-bitrate: 1Gbit' >>/etc/culvert/turn-relay.yaml");
        assertThat(systemctl("reload", "turn-relay").exitCode()).isZero();
        await().atMost(PATIENCE).until(() -> output().contains("applied max-bitrate"));

        inside("sh", "-c", "echo 'relm: x' >>/etc/culvert/turn-relay.yaml");
        assertThat(systemctl("reload", "turn-relay").exitCode()).isNotZero();
        inside("sed", "-i", "/relm/d", "/etc/culvert/turn-relay.yaml");

        assertThat(output())
                .contains("turn-relay: /etc/culvert/turn-relay.yaml:9: relm: no such setting; did you mean realm?");
        assertThat(systemctl("is-active", "turn-relay").output()).isEqualTo("active\n");
        assertThat(mainPid()).isEqualTo(before);
    }

    @Test
    void aServerThatHangsIsStartedAnew() throws Exception {
        String before = mainPid();

        inside("kill", "-STOP", before);

        await().atMost(PATIENCE).until(() -> !mainPid().equals(before) && output().contains("\nready\n"));
        await().atMost(PATIENCE)
                .until(() -> systemctl("is-active", "turn-relay").output().equals("active\n"));
        assertThat(show("NRestarts")).isNotEqualTo("0");
    }

    @Test
    void aStopIsADrainAndABrokenConfigurationIsNotTriedAgain() throws Exception {
        stop();
        assertThat(output()).contains("stopping; waiting at most 2 s for");
        assertThat(show("Result")).isEqualTo("success");

        inside("sh", "-c", "echo 'relm: x' >>/etc/culvert/turn-relay.yaml");
        assertThat(systemctl("start", "turn-relay").exitCode()).isNotZero();
        inside("sed", "-i", "/relm/d", "/etc/culvert/turn-relay.yaml");

        assertThat(show("ExecMainStatus")).isEqualTo("2");
        assertThat(show("ActiveState")).isEqualTo("failed");
    }

    private static void stop() throws Exception {
        assertThat(systemctl("stop", "turn-relay").exitCode()).isZero();
    }

    private static String mainPid() throws Exception {
        return show("MainPID");
    }

    private static String show(String property) throws Exception {
        return systemctl("show", "turn-relay", "--value", "--property", property)
                .output()
                .strip();
    }

    private static Ended systemctl(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("systemctl"));
        command.addAll(List.of(arguments));
        return inside(command.toArray(String[]::new));
    }

    private static Ended inside(String... command) throws Exception {
        return systemd.run(NAMESPACES, List.of(command));
    }

    private static String output() throws IOException {
        return Files.readString(folder.resolve("output"));
    }
}
