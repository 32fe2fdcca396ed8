package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A process with TURN allocations (aioice's client), told what to send to whom. */
final class TurnClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Program program;
    private int texts;

    private TurnClient(Program program) {
        this.program = program;
    }

    /** How clients are started. */
    record Starter(Scripts scripts, Launcher launcher, TurnServerUnderTest server, List<String> words) {
        /** Starts one that asks for {@code count} allocations by {@code udp}, {@code tcp} or {@code tls}. */
        TurnClient start(String transport, int count) throws IOException {
            boolean tls = transport.equals("tls");
            Map<String, Object> options = Map.of(
                    "host",
                    server.host(),
                    "port",
                    tls ? server.tlsPort() : server.port(),
                    "transport",
                    tls ? "tcp" : transport,
                    "tls",
                    tls,
                    "user",
                    TurnServerUnderTest.USER,
                    "password",
                    TurnServerUnderTest.PASSWORD,
                    "count",
                    count);
            return new TurnClient(scripts.start(launcher, words, "turn_client.py", JSON.writeValueAsString(options)));
        }

        /** Starts one that has its one allocation when this returns. */
        TurnClient allocated(String transport) throws IOException {
            TurnClient client = start(transport, 1);
            assertThat(client.allocated())
                    .as("%s\n%s", client.program, server.program())
                    .isEqualTo(1);
            return client;
        }
    }

    /** How many allocations it got, after the last one or the first refusal. */
    int allocated() {
        return Integer.parseInt(program.awaitLine("allocated "));
    }

    /** The error code with which it was refused, if it was. */
    Optional<String> refusal() {
        return program.lines("refused ").stream().findFirst();
    }

    /** Has an allocation send a text of its own, and returns what comes back from a peer that echoes. */
    String send(int allocation, String host, int port) throws IOException {
        texts++;
        String text = "text " + texts;
        order(allocation, host, port, text);
        return normalized(JSON.writeValueAsString(List.of(allocation, host + ":" + port, text)));
    }

    /** Has an allocation send a text to a peer that echoes it, and waits for the echo. */
    void echo(int allocation, String host, int port) throws IOException {
        String expected = send(allocation, host, port);
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(echoes()).as("%s", program).contains(expected));
    }

    /** Every echo that has come. */
    List<String> echoes() {
        return program.lines("data ").stream().map(TurnClient::normalized).toList();
    }

    private static String normalized(String json) {
        try {
            return JSON.readTree(json).toString();
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }

    /** Ends an allocation with a Refresh of lifetime 0. */
    void release(int allocation) throws IOException {
        order(allocation, null, null, null);
    }

    private void order(@Nullable Object... words) throws IOException {
        program.tell(JSON.writeValueAsString(Arrays.asList(words)));
    }

    Program program() {
        return program;
    }

    @Override
    public void close() {
        program.close();
    }
}
