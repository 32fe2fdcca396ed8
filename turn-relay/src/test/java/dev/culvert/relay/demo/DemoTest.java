package dev.culvert.relay.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

/** The demo as it is, with its server and its clients on the loopback interface. */
class DemoTest {
    private static final int ONLY_PORT = 49199;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(Ansi style, DemoServer server) {
        return Demo.run(new PrintWriter(out), new PrintWriter(err), style, server);
    }

    private static DemoServer server() {
        return new DemoServer(49152, 65535);
    }

    @Test
    void everyStepIsToldInItsOrder() {
        DemoServer server = server();

        int exit = run(Ansi.OFF, server);

        assertThat(err.toString()).isEmpty();
        assertThat(exit).isZero();
        // Times and ports are those of the moment.
        List<String> lines = out.toString()
                .lines()
                .map(line -> line.replaceAll("^ *\\d+ ms  ", "").replaceAll("(127\\.0\\.0\\.1):\\d+", "$1:PORT"))
                .toList();
        assertThat(lines)
                .containsSubsequence(
                        "1. A TURN server starts.",
                        "server listens on udp 127.0.0.1:PORT and tcp 127.0.0.1:PORT",
                        "2. Alice asks for a relayed address, over UDP.",
                        "alice  -> server  Allocate request, without credentials",
                        "server -> alice   Allocate error: 401 Unauthenticated; here is a nonce, sign with it")
                .containsSubsequence(
                        "server -> alice   Allocate success: relayed address 127.0.0.1:PORT for 600 s, you come from"
                                + " 127.0.0.1:PORT",
                        "3. Bob asks for one too, over TCP.",
                        "server -> bob     Allocate success: relayed address 127.0.0.1:PORT for 600 s, you come from"
                                + " 127.0.0.1:PORT",
                        "4. Each lets the other in.",
                        "server -> alice   CreatePermission success",
                        "server -> bob     CreatePermission success",
                        "server -> alice   ChannelBind success",
                        "5. They talk.",
                        "alice  -> server  ChannelData on channel 0x4000: \"Hello Bob, can you hear me?\"",
                        "server -> bob     Data indication from 127.0.0.1:PORT: \"Hello Bob, can you hear me?\"",
                        "bob    -> server  Send indication to 127.0.0.1:PORT: \"Loud and clear, Alice.\"",
                        "server -> alice   ChannelData on channel 0x4000: \"Loud and clear, Alice.\"",
                        "6. Alice tries to reach 10.0.0.7, and may not.",
                        "server -> alice   CreatePermission error: 403 Forbidden",
                        "7. Both give their addresses back, and the server stops.",
                        "server -> alice   Refresh success",
                        "server -> bob     Refresh success",
                        "server has closed all its ports",
                        "   bin/turn-relay --realm example.org --user alice:secret");
        assertThat(out.toString())
                .doesNotContain(server.alice().password(), server.bob().password(), "\u001b[");
    }

    @Test
    void stepThatFailsEndsItWithOneLine() {
        int exit = run(Ansi.OFF, new DemoServer(ONLY_PORT, ONLY_PORT));

        assertThat(exit).isEqualTo(1);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("turn-relay demo: 127.0.0.1:")
                .contains("did not allocate: 508 Insufficient Capacity");
        assertThat(out.toString()).doesNotContain("That was TURN");
    }

    @Test
    void coloursAreOnlyForThoseWhoWantThem() {
        int exit = run(Ansi.ON, server());

        assertThat(exit).isZero();
        assertThat(out.toString()).contains("\u001b[1m1. A TURN server starts.");
    }

    @Test
    void linesFitATerminal() {
        run(Ansi.OFF, server());

        Stream<String> longLines = out.toString().lines().filter(line -> line.length() > 120);
        assertThat(longLines).isEmpty();
    }
}
