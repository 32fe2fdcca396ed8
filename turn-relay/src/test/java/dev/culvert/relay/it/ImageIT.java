package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.culvert.relay.it.FirstProcess.Ended;
import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** The image that the README.md and docs/containers.md show: built, unpacked, run as container runtimes do, to its end. */
@EnabledForJreRange(min = JRE.JAVA_22, disabledReason = "the distribution with a runtime is made by newer JDKs")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ImageIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long MOST_MEGABYTES = 100;
    private static final List<String> NAMESPACES = List.of("--net", "--mount", "--pid");

    @TempDir
    static Path folder;

    private static Path image;
    private static JsonNode process;
    private static JsonNode compose;
    private static FirstProcess container;

    /** Between two clients in the container's network, through the relay, from its start until after its end was asked for. */
    private static Program call;

    @BeforeAll
    static void buildAndStart() throws Exception {
        Requirements.networkNamespaces();
        for (String command :
                List.of("mmdebstrap", "umoci", "jq", "unzip", "setpriv", "nsenter", "ip", "turnutils_uclient")) {
            Requirements.command(command);
        }
        Optional<Path> distribution = distribution();
        Requirements.that(
                distribution.isPresent(), "needs the distribution with a runtime: mvn -Pdist -DskipTests package");
        image = folder.resolve("image.tar");
        System.out.println(run(
                        ROOT.resolve("deploy/image/build").toString(),
                        "--distribution",
                        distribution.orElseThrow().toString(),
                        image.toString())
                .strip());
        Files.createDirectory(folder.resolve("layout"));
        run("tar", "-xf", image.toString(), "-C", folder.resolve("layout").toString());
        run(
                "umoci",
                "unpack",
                "--image",
                folder.resolve("layout") + ":" + version(),
                bundle("").toString());
        process = new ObjectMapper().readTree(bundle("config.json").toFile()).path("process");
        compose = new ObjectMapper(new YAMLFactory())
                .readTree(ROOT.resolve("deploy/compose/compose.yaml").toFile());
        container = FirstProcess.start(folder, NAMESPACES, "container.sh", start());
        container.program().awaitLine("ready");
        String user = "-u %s -w %s".formatted(TurnServerUnderTest.USER, TurnServerUnderTest.PASSWORD);
        String client = "turnutils_uclient " + user + " -v -y -c -m 1 -n 100 -z 20 127.0.0.1";
        List<String> command = container.inside(List.of("--net"), List.of(client.split(" ")));
        call = Program.start(Launcher.HERE, folder, "call", command);
    }

    private static Optional<Path> distribution() throws IOException {
        Path folder = ROOT.resolve("turn-relay/target/dist");
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("culvert-.*-linux-[^-]*\\.tar\\.gz"))
                    .findFirst();
        }
    }

    private static String version() throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve("layout/index.json").toFile())
                .at("/manifests/0/annotations")
                .path("org.opencontainers.image.ref.name")
                .asText();
    }

    private static Path bundle(String name) {
        return folder.resolve("bundle").resolve(name);
    }

    /** As the image says, with the arguments of the compose file, a file, and the environment. */
    private static List<String> start() throws IOException {
        Path config = Files.createDirectory(folder.resolve("config"));
        Files.createDirectory(config.resolve("secrets"));
        Files.copy(ROOT.resolve("deploy/compose/turn-relay.yaml"), config.resolve("turn-relay.yaml"));
        Files.writeString(config.resolve("secret"), "north\n");
        Files.writeString(config.resolve("secrets/admin-token"), "token\n");
        List<String> arguments = new ArrayList<>(List.of(
                bundle("rootfs").toString(),
                config.toString(),
                process.at("/user/uid").asText() + ":" + process.at("/user/gid").asText(),
                process.path("cwd").asText()));
        process.path("env").forEach(variable -> arguments.add(variable.asText()));
        arguments.add("CULVERT_USER=" + TurnServerUnderTest.USER + ":" + TurnServerUnderTest.PASSWORD);
        arguments.add("CULVERT_ALLOW_PEER=127.0.0.0/8");
        arguments.add("CULVERT_RFC5766_CHANNEL_NUMBERS=true");
        arguments.add("CULVERT_LOG_LEVEL=debug");
        // The client leaves the allocation of its try at the start behind: until then the drain waits for it.
        arguments.add("CULVERT_DRAIN_TIMEOUT=9s");
        arguments.add("--");
        process.path("args").forEach(argument -> arguments.add(argument.asText()));
        compose.at("/services/turn-relay/command").forEach(argument -> arguments.add(argument.asText()));
        return arguments;
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process running = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(running.waitFor()).as("%s: %s", List.of(command), output).isZero();
        return output;
    }

    @AfterAll
    static void end() throws Exception {
        if (call != null) {
            call.close();
        }
        if (container != null) {
            container.close();
        }
        // Links in there look as if they led out of the folder.
        run("rm", "-rf", bundle("").toString());
    }

    @Test
    @Order(1)
    void theImageIsSmallAndHoldsNothingOfTheMachineThatMadeIt() throws Exception {
        assertThat(Files.size(image)).isLessThan(MOST_MEGABYTES * 1_000_000);
        assertThat(process.at("/user/uid").asInt()).isEqualTo(10001);
        assertThat(bundle("rootfs/etc/resolv.conf")).doesNotExist();
        assertThat(bundle("rootfs/etc/hostname")).doesNotExist();
        assertThat(bundle("rootfs/var/lib/dpkg/status.d/libc6")).isRegularFile();
        String writable = "( -perm /6000 -o -type f -perm -o+w -o -type b -o -type c )";
        List<String> find = new ArrayList<>(List.of("find", bundle("rootfs").toString(), "-xdev"));
        find.addAll(List.of(writable.split(" ")));
        assertThat(run(find.toArray(String[]::new))).isEmpty();
    }

    @Test
    @Order(2)
    void itRunsAsNobodyWithAReadOnlyRootAndTheFastSockets() throws Exception {
        assertThat(container.program().output()).contains("UDP sockets go by epoll with recvmmsg and sendmmsg");
        assertThat(inside("touch /tmp/x /var/lib/culvert/x /opt/culvert/x").exitCode())
                .isNotZero();
        assertThat(inside("id").output()).contains("uid=10001(culvert) gid=10001(culvert)");
        if (Files.exists(bundle("rootfs/opt/culvert/runtime/lib/turn-relay.jsa"))) {
            assertThat(Files.readString(Path.of("/proc/" + container.pid() + "/maps")))
                    .contains("turn-relay.jsa");
        }
    }

    @Test
    @Order(3)
    void theHealthCheckOfComposeRunsInIt() throws Exception {
        List<String> check = new ArrayList<>();
        compose.at("/x-turn-relay/healthcheck/test").forEach(word -> check.add(word.asText()));

        assertThat(check.get(0)).isEqualTo("CMD");
        assertThat(inside(String.join(" ", check.subList(1, check.size()))).exitCode())
                .isZero();
        assertThat(inside("wget -q -O - http://127.0.0.1:9641/health/live").output())
                .isEqualTo("live\n");
        assertThat(inside("stun-server --version").output()).startsWith("stun-server " + version());
    }

    @Test
    @Order(4)
    void theHookOfKubernetesDrainsItAndSigtermAfterwardsChangesNothing() throws Exception {
        // One for the client's try at its start, and one for each end of the call.
        await().atMost(PATIENCE).until(() -> container.program().output().split("allocation created").length > 3);

        assertThat(inside("export CULVERT_ADMIN=127.0.0.1:9641; " + hook())).isEqualTo(new Ended(0, ""));
        container.program().awaitText("stopping; waiting at most 9 s for");
        run("kill", "-TERM", Long.toString(container.pid()));

        assertThat(call.exitCode(PATIENCE))
                .as("%s\n%s", call, container.program())
                .isZero();
        assertThat(call.output()).contains("Total lost packets 0");
        assertThat(container.program().exitCode(PATIENCE)).isZero();
        assertThat(container.program().output()).contains("ServerLifecycle: still ");
    }

    private static String hook() throws IOException {
        for (JsonNode document : new ObjectMapper(new YAMLFactory())
                .readerFor(JsonNode.class)
                .<JsonNode>readValues(
                        ROOT.resolve("deploy/kubernetes/host-network.yaml").toFile())
                .readAll()) {
            JsonNode command = document.at("/spec/template/spec/containers/0/lifecycle/preStop/exec/command");
            if (!command.isMissingNode()) {
                return command.path(2).asText();
            }
        }
        throw new AssertionError("there is no hook");
    }

    /** Runs a line of the image's own shell in the container, as its user. */
    private static Ended inside(String line) throws IOException, InterruptedException {
        List<String> how = new ArrayList<>(NAMESPACES);
        how.addAll(List.of("--root", "--wd", "--setgid", "10001", "--setuid", "10001"));
        String path = process.path("env").get(0).asText().replaceFirst("PATH=", "");
        return container.run(how, List.of("/bin/env", "-i", "PATH=" + path, "/bin/sh", "-c", line));
    }
}
