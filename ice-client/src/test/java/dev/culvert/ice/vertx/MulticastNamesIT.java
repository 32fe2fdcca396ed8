package dev.culvert.ice.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.testkit.Requirements;
import dev.culvert.testkit.lab.LabHost;
import dev.culvert.testkit.lab.NamespaceLab;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a neighbour finds the hosts behind hidden candidates: aioice's resolver, which others wrote, looks for them. */
class MulticastNamesIT {
    private static final String RESOLVE = """
            import asyncio, sys
            from aioice import mdns

            async def main():
                resolver = await mdns.create_mdns_protocol()
                print(await resolver.resolve(sys.argv[1]))
                await resolver.close()

            asyncio.run(main())
            """;

    /** What asks as one asks a unicast server (RFC 6762 §6.7), by dnspython, which checks that the answer fits. */
    private static final String ASK = """
            import dns.message, socket, sys

            query = dns.message.make_query(sys.argv[1], "AAAA")
            sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            sender.settimeout(5)
            sender.sendto(query.to_wire(), ("224.0.0.251", 5353))
            answer = dns.message.from_wire(sender.recv(2000))
            assert query.is_response(answer), answer
            print(answer.answer[0][0])
            """;

    private static final String PYTHON = "/usr/bin/python3";

    @TempDir
    private Path folder;

    @Test
    void aNeighbourResolvesTheNamesWhileTheyAreHeld() throws Exception {
        Requirements.networkNamespaces();
        Requirements.that(
                new ProcessBuilder(PYTHON, "-c", "import aioice").start().waitFor() == 0,
                "needs Debian's python3-aioice");
        try (NamespaceLab lab = NamespaceLab.open()) {
            LabHost one = lab.host("one");
            LabHost other = lab.host("other");
            lab.cable(one, "c0", other, "c0");
            one.address("c0", "192.168.7.2/24").address("c0", "2001:db8:7::2/64");
            other.address("c0", "192.168.7.3/24").defaultRoute("192.168.7.2");
            Path log = folder.resolve("gatherer.log");
            Process gatherer = one.start(
                    log,
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    HiddenGatherer.class.getName());
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> lines(log, "ready").size() == 1);

            String ipv4 = nameOf(log, "192.168.7.2");
            String ipv6 = nameOf(log, "2001:db8:7::2");

            assertThat(run(other, RESOLVE, ipv4)).isEqualTo("192.168.7.2");
            assertThat(run(other, ASK, ipv6)).isEqualTo("2001:db8:7::2");
            gatherer.getOutputStream().close();
            assertThat(gatherer.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(run(other, RESOLVE, ipv4)).isEqualTo("None");
            assertThat(lines(log, "event Unanswered")).isEmpty();
        }
    }

    private static String run(LabHost host, String script, String name) {
        return host.run(PYTHON, "-c", script, name).check().out().strip();
    }

    private static String nameOf(Path log, String ip) throws Exception {
        return lines(log, "name ").stream()
                .filter(line -> line.endsWith(" " + ip))
                .map(line -> line.split(" ")[1])
                .findFirst()
                .orElseThrow();
    }

    private static List<String> lines(Path log, String beginning) throws Exception {
        return Files.readAllLines(log).stream()
                .filter(line -> line.startsWith(beginning))
                .toList();
    }
}
