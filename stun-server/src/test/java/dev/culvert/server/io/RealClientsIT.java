package dev.culvert.server.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.config.ServerConfigs;
import dev.culvert.server.core.Counter;
import dev.culvert.server.core.Counters;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Requirements;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** STUN clients that others wrote, against a server with two addresses on the loopback interface. */
class RealClientsIT {
    private static final String PYTHON = "/usr/bin/python3";

    @TempDir
    private Path folder;

    private Vertx vertx;
    private TestServer server;
    private TransportAddress primary;
    private TransportAddress alternate;

    @BeforeEach
    void open() {
        Requirements.linux();
        vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(2));
        server = new TestServer(
                vertx,
                ServerConfigs.listening(Transport.UDP, "127.0.0.1")
                        .alternate("127.0.0.2")
                        .threads(2)
                        .build());
        primary = server.server().quartets().get(0).primary();
        alternate = server.server().quartets().get(0).alternate();
    }

    @AfterEach
    void close() {
        if (vertx != null) {
            server.close();
            vertx.close().await();
        }
    }

    @Test
    void coturnStunClient() throws Exception {
        Requirements.command("turnutils_stunclient");

        String output = run("turnutils_stunclient", "-p", port(primary), "127.0.0.1");

        assertThat(output).contains("UDP reflexive addr: 127.0.0.1:");
        assertThat(output).contains("RFC 5780 response");
        assertThat(output).contains(alternate.toString());
    }

    @Test
    void coturnNatDiscoveryFindsMappingAndFiltering() throws Exception {
        Requirements.command("turnutils_natdiscovery");

        String output = run("turnutils_natdiscovery", "-m", "-f", "-p", port(primary), "-L", "127.0.0.1", "127.0.0.1");

        assertThat(output).contains("NAT with Endpoint Independent Mapping!");
        assertThat(output).contains("NAT with Endpoint Independent Filtering!");
    }

    @Test
    void coturnNatDiscoveryFindsHairpinning() throws Exception {
        Requirements.command("turnutils_natdiscovery");

        String output = run("turnutils_natdiscovery", "-H", "-p", port(primary), "-L", "127.0.0.1", "127.0.0.1");

        assertThat(output).contains("successful hairpinning");
    }

    @Test
    void coturnNatDiscoveryWorksWithPadding() throws Exception {
        Requirements.command("turnutils_natdiscovery");

        String output =
                run("turnutils_natdiscovery", "-m", "-f", "-P", "-p", port(primary), "-L", "127.0.0.1", "127.0.0.1");

        assertThat(output).contains("NAT with Endpoint Independent Filtering!");
        Counters<Counter> counters = server.server().counters();
        // Longer than any answer without PADDING could make them.
        assertThat(counters.value(Counter.BINDING_ANSWER_BYTES) / counters.value(Counter.BINDING_SUCCESSES))
                .isGreaterThan(500);
    }

    @Test
    void clientOfRfc3489() throws Exception {
        Requirements.command("stun");

        String output = run("stun", primary.toString(), "-v");

        assertThat(output).contains("Primary: Open");
        assertThat(output).contains("MappedAddress = 127.0.0.1:");
        assertThat(output).contains("ChangedAddress = " + alternate);
    }

    @Test
    void aioiceGathersAServerReflexiveAddress() throws Exception {
        Requirements.that(Files.isExecutable(Path.of(PYTHON)), "needs " + PYTHON);
        Requirements.that(exitCode(PYTHON, "-c", "import aioice") == 0, "needs aioice for Debian's python3");
        Path script = Files.writeString(folder.resolve("gather.py"), """
                import asyncio, sys
                from aioice import stun
                class Client(asyncio.DatagramProtocol):
                    def connection_made(self, transport):
                        request = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
                        transport.sendto(bytes(request))
                    def datagram_received(self, data, addr):
                        answer = stun.parse_message(data)
                        print(answer.message_class.name, answer.attributes["XOR-MAPPED-ADDRESS"], addr)
                        done.set_result(None)
                async def main():
                    global done
                    loop = asyncio.get_running_loop()
                    done = loop.create_future()
                    await loop.create_datagram_endpoint(Client, remote_addr=(sys.argv[1], int(sys.argv[2])))
                    await asyncio.wait_for(done, 5)
                asyncio.run(main())
                """);

        String output = run(PYTHON, script.toString(), "127.0.0.1", port(primary));

        assertThat(output).contains("RESPONSE ('127.0.0.1',").contains("('127.0.0.1', " + port(primary) + ")");
    }

    private static String port(TransportAddress address) {
        return Integer.toString(address.port());
    }

    private int exitCode(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("probe.txt").toFile())
                .start()
                .waitFor();
    }

    private String run(String... command) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(ended).as("%s ended; it said: %s", command[0], text).isTrue();
        return text;
    }
}
