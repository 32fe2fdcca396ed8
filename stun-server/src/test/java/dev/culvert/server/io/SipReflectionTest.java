package dev.culvert.server.io;

import static dev.culvert.server.core.SipRequests.bytes;
import static dev.culvert.server.core.SipRequests.invite;
import static dev.culvert.server.core.SipRequests.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.config.ServerConfigs;
import dev.culvert.server.core.Counter;
import dev.culvert.server.core.SipRequests;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The SIP reflector on real sockets. */
class SipReflectionTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final int ROOM = 400;

    @AfterAll
    static void close() {
        VERTX.close().await();
    }

    private static TestServer server(boolean reflector) {
        ServerConfigs config =
                ServerConfigs.listening(Transport.UDP, "127.0.0.1").andListening(Transport.TCP, "127.0.0.1", 0);
        return new TestServer(VERTX, (reflector ? config.sipReflector() : config).build());
    }

    @Test
    void datagramComesBackBesideStun() throws Exception {
        try (TestServer server = server(true);
                UdpClient client = new UdpClient("127.0.0.1")) {
            client.send(bytes(invite(ROOM)), server.only(Transport.UDP));
            String echo = SipRequests.echo(client.receive().bytes());
            client.send(StunBytes.bindingRequest(), server.only(Transport.UDP));

            assertThat(echo).isEqualTo("Source: " + client.local() + "\r\n" + invite(ROOM));
            assertThat(client.receive().message()).isNotNull();
        }
    }

    @Test
    void requestsOnOneConnectionComeBackInOrderAndStunHasItsOwn() throws Exception {
        try (TestServer server = server(true);
                Socket sip = connect(server);
                StreamClient stun = StreamClient.connect(Transport.TCP, server.only(Transport.TCP))) {
            sip.getOutputStream().write(bytes(options(ROOM) + invite(ROOM)));
            byte[] first = read(sip);
            byte[] second = read(sip);
            stun.send(StunBytes.bindingRequest());

            assertThat(SipRequests.echo(first)).endsWith(options(ROOM));
            assertThat(SipRequests.echo(second)).endsWith(invite(ROOM));
            assertThat(stun.receive()).isNotNull();
        }
    }

    @Test
    void connectionWithAnUnmarkedRequestEnds() throws Exception {
        try (TestServer server = server(true);
                Socket sip = connect(server)) {
            sip.getOutputStream().write(bytes(options(ROOM).replace("X-Culvert-Probe", "X-Other")));

            assertThat(sip.getInputStream().read()).isEqualTo(-1);
            assertThat(server.server().counters().value(Counter.SIP_REFUSED)).isEqualTo(1);
        }
    }

    @Test
    void withoutTheOptionNothingComesBack() throws Exception {
        try (TestServer server = server(false);
                UdpClient client = new UdpClient("127.0.0.1");
                Socket sip = connect(server)) {
            client.send(bytes(options(ROOM)), server.only(Transport.UDP));
            sip.getOutputStream().write(bytes(options(ROOM)));

            assertThat(sip.getInputStream().read()).isEqualTo(-1);
            Awaitility.await().until(() -> server.server().counters().value(Counter.NOT_STUN) == 1);
            assertThat(server.server().counters().value(Counter.SIP_ANSWERS)).isZero();
        }
    }

    private static Socket connect(TestServer server) throws IOException {
        Socket socket = new Socket();
        socket.connect(server.only(Transport.TCP).toInetSocketAddress());
        socket.setSoTimeout(5_000);
        return socket;
    }

    /** One answer, cut by its Content-Length. */
    private static byte[] read(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) socket.getInputStream().read());
        }
        String length = head.substring(head.indexOf("Content-Length: ") + 16, head.length() - 4);
        byte[] body = socket.getInputStream().readNBytes(Integer.parseInt(length));
        String text = head + new String(body, StandardCharsets.ISO_8859_1);
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
