package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** Every package of the servers, as docs/packages.md has it: installed, started, upgraded under the same configuration, removed. */
@EnabledForJreRange(min = JRE.JAVA_22, disabledReason = "the packages are made by newer JDKs")
class PackagesIT {
    private static final Path DIST = Path.of("target/dist").toAbsolutePath();
    private static final String WITHOUT_JAVA = "env -i PATH=/usr/bin:/bin JAVA_HOME=/nonexistent";
    private static final String WITH_JAVA =
            "env -i PATH=/usr/bin:/bin CULVERT_JAVA=" + System.getProperty("java.home") + "/bin/java";

    @TempDir
    Path folder;

    private final int port = FreePort.pick();
    private final String settings = """
            listen: ["udp:127.0.0.1:%1$d", "tcp:127.0.0.1:%1$d"]
            realm: example.org
            user: ["alice:secret"]
            admin: "127.0.0.1:0"
            """.formatted(port);
    private int steps;

    @BeforeEach
    void requirePackages() {
        Requirements.that(Files.isDirectory(DIST), "needs the packages: mvn -Pdist -DskipTests package");
    }

    @Test
    void theArchivesHaveWhatTheyPromise() throws Exception {
        Files.createDirectory(folder.resolve("unpacked"));
        assertThat(new ProcessBuilder(
                                "tar",
                                "-xzf",
                                dist("culvert-.*-linux-.*\\.tar\\.gz").toString(),
                                "-C",
                                folder.resolve("unpacked").toString(),
                                "--strip-components=1")
                        .start()
                        .waitFor())
                .isZero();

        assertThat(Stream.of(
                        "bin/turn-relay.cmd",
                        "bin/stun-server.cmd",
                        "man/man1/turn-relay.1",
                        "man/man1/stun-server.1",
                        "completion/turn-relay",
                        "completion/stun-server",
                        "deploy/systemd/turn-relay.service",
                        "docs/configuration.md",
                        "LICENSE",
                        "README.md",
                        "runtime/lib/turn-relay.jsa"))
                .allSatisfy(file ->
                        assertThat(folder.resolve("unpacked").resolve(file)).isNotEmptyFile());
        assertThat(folder.resolve("unpacked/deploy/package")).doesNotExist();
    }

    @Test
    void theArchiveWithARuntimeNeedsNoJava() throws Exception {
        unpackStartUpgradeAndRemove("tar -xzf", "culvert-.*-linux-.*\\.tar\\.gz", WITHOUT_JAVA);
    }

    @Test
    void theTarArchiveRunsOnTheJavaOfTheMachine() throws Exception {
        unpackStartUpgradeAndRemove("tar -xzf", "culvert-((?!-linux-).)*\\.tar\\.gz", WITH_JAVA);
    }

    @Test
    void theZipArchiveRunsOnTheJavaOfTheMachine() throws Exception {
        Requirements.command("unzip");
        unpackStartUpgradeAndRemove("unzip -q", "culvert-.*\\.zip", WITH_JAVA);
    }

    private void unpackStartUpgradeAndRemove(String unpack, String name, String environment) throws Exception {
        Path archive = dist(name);
        Path config = Files.writeString(folder.resolve("turn.yaml"), settings);
        try (Program shell = Program.start(Launcher.HERE, folder, "shell", List.of("sh"))) {
            for (String version : List.of("old", "new")) {
                run(shell, "cd " + folder + " && " + unpack + " " + archive + " && mv culvert-* " + version);
                run(shell, "ln -sfn " + version + " current");
                serves(shell, environment + " current/bin/turn-relay --config turn.yaml");
            }
            run(shell, "rm -r old new current");
        }

        assertThat(config).hasContent(settings.strip());
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .filteredOn(file -> !file.endsWith(".log"))
                    .containsExactly("turn.yaml");
        }
    }

    @Test
    void theDebianPackageKeepsItsConfigurationUntilItIsPurged() throws Exception {
        Requirements.networkNamespaces();
        Requirements.command("dpkg-deb");
        Path installed = Files.copy(dist("culvert_.*\\.deb"), folder.resolve("installed.deb"));
        List<String> command = List.of(
                "unshare",
                "--mount",
                "sh",
                Scripts.copy("other-root.sh", folder).toString(),
                folder.toString());
        String server = "setpriv --reuid=culvert --regid=culvert --clear-groups turn-relay"
                + " --config /etc/culvert/turn-relay.yaml";
        Files.writeString(folder.resolve("turn.yaml"), settings);

        try (Program shell = Program.start(Launcher.HERE, folder, "shell", command)) {
            run(shell, "cd " + folder + " && dpkg --install " + installed);
            run(shell, "test -f /usr/lib/systemd/system/turn-relay.service && man -w turn-relay stun-server");
            run(shell, "! setpriv --reuid=nobody --clear-groups cat /etc/culvert/turn-relay.yaml");
            run(shell, "cat turn.yaml >/etc/culvert/turn-relay.yaml");
            serves(shell, server);
            run(
                    shell,
                    "dpkg-deb --raw-extract " + installed
                            + " next && sed -i '/^Version/s/$/+next/' next/DEBIAN/control");
            run(
                    shell,
                    "echo '# said anew' >>next/etc/culvert/turn-relay.yaml && dpkg-deb -Znone --build next next.deb");
            run(shell, "rm /etc/culvert/stun-server.yaml");
            run(shell, "dpkg --force-confold --install next.deb && cmp turn.yaml /etc/culvert/turn-relay.yaml");
            serves(shell, server);
            run(shell, "dpkg --remove culvert && cmp turn.yaml /etc/culvert/turn-relay.yaml");
            run(
                    shell,
                    "! ls -d /usr/*/culvert /usr/bin/turn-relay /usr/share/doc/culvert /usr/lib/systemd/system/turn-relay*");
            run(shell, "dpkg --purge culvert && ! ls -d /etc/culvert /var/lib/culvert");
        }
    }

    /** A server that gives an allocation, and ends with 0 when it is told to. */
    private void serves(Program shell, String command) throws IOException {
        int before = shell.lines("ready").size();
        shell.tell(command + " & server=$!");
        shell.awaitLines("ready", before + 1);

        try (PlainClient client = new PlainClient(
                Wire.udp(TransportAddress.parse("127.0.0.1:" + port).orElseThrow()),
                Optional.of(new LongTermCredential("alice", "secret")))) {
            assertThat(client.relayed().port()).isPositive();
            assertThat(client.refresh(0)).isEqualTo(PlainClient.SUCCESS);
        }

        run(shell, "kill $server && wait $server");
    }

    /** Runs a line of shell to its end, which has to be good. */
    private void run(Program shell, String line) throws IOException {
        steps++;
        shell.tell(line);
        shell.tell("echo step " + steps + " $?");
        assertThat(shell.awaitLine("step " + steps + " "))
                .as("%s: %s", line, shell)
                .isEqualTo("0");
    }

    private static Path dist(String name) throws IOException {
        try (Stream<Path> files = Files.list(DIST)) {
            return files.filter(file -> file.getFileName().toString().matches(name))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("mvn -Pdist made no " + name));
        }
    }
}
