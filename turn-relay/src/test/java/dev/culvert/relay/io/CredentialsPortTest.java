package dev.culvert.relay.io;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.relay.Invocation;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The endpoint that hands out credentials, asked by programs and by pages. */
class CredentialsPortTest {
    private static final String PAGE = "https://app.example.org";

    @TempDir
    private Path folder;

    private RunningRelay relay;

    @BeforeEach
    void start() throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "s3same\n");
        relay = RunningRelay.with(
                "--shared-secret",
                "north",
                "--credentials-listen",
                "127.0.0.1:0",
                "--credentials-token-file",
                token.toString(),
                "--credentials-origin",
                PAGE,
                "--credentials-uri",
                "turns:turn.example.org:5349?transport=tcp");
    }

    @AfterEach
    void close() {
        relay.close();
    }

    @Test
    void aProgramGetsACredential() throws Exception {
        String answer = ask("POST", "/api/v1/credentials", "Authorization: Bearer s3same");

        assertThat(answer).startsWith("HTTP/1.1 200");
        JsonNode server = body(answer).at("/iceServers/0");
        assertThat(server.at("/urls/0").asText()).isEqualTo("turns:turn.example.org:5349?transport=tcp");
        assertThat(server.path("username").asText()).matches("[0-9]+:dave");
        assertThat(answer).doesNotContain("Access-Control");
    }

    @Test
    void aPageOfANamedOriginMayAskAndRead() throws Exception {
        String preflight = ask(
                "OPTIONS",
                "/api/v1/credentials",
                "Origin: " + PAGE,
                "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: authorization,content-type");
        String answer = ask("POST", "/api/v1/credentials", "Origin: " + PAGE, "Authorization: Bearer s3same");

        assertThat(preflight)
                .startsWith("HTTP/1.1 204")
                .contains("Access-Control-Allow-Origin: " + PAGE, "Access-Control-Allow-Methods: POST")
                .contains("Access-Control-Allow-Headers: Authorization, Content-Type");
        assertThat(answer).startsWith("HTTP/1.1 200").contains("Access-Control-Allow-Origin: " + PAGE, "Vary: Origin");
    }

    @ParameterizedTest
    @CsvSource({
        "POST,    /api/v1/credentials, 'Origin: https://evil.example',     403, origin-not-named",
        "OPTIONS, /api/v1/credentials, 'Origin: https://evil.example',     403, origin-not-named",
        "POST,    /api/v1/credentials, 'Origin: null',                     403, origin-not-named",
        "POST,    /api/v1/credentials, 'Authorization: Bearer s3sam',      401, unauthorized",
        "POST,    /api/v1/credentials, 'X-Nothing: x',                     401, unauthorized",
        "GET,     /api/v1/credentials, 'Authorization: Bearer s3same',     405, method-not-allowed",
        "GET,     /api/v1/server,      'Authorization: Bearer s3same',     404, no-such-path",
        "POST,    /api/v1/drain,       'Authorization: Bearer s3same',     404, no-such-path",
        "GET,     /metrics,            'Authorization: Bearer s3same',     404, no-such-path",
    })
    void nobodyElseGetsAnythingElse(String method, String path, String header, int status, String code)
            throws Exception {
        String answer = ask(method, path, header);

        assertThat(answer).startsWith("HTTP/1.1 " + status).doesNotContain("Access-Control");
        assertThat(body(answer).at("/error/code").asText()).isEqualTo(code);
    }

    @Test
    void mistakesInItsSettingsAreToldAtOnce() {
        Invocation invocation = Invocation.of(
                "check",
                "--realm",
                "example.org",
                "--user",
                "alice:a",
                "--credentials-listen",
                "tls:0.0.0.0:8443",
                "--credentials-origin",
                "app.example.org",
                "--credentials-uri",
                "stun:stun.example.org");

        assertThat(invocation.errors())
                .anyMatch(line -> line.contains("there is no secret to make credentials from"))
                .anyMatch(line -> line.contains("gives credentials to everybody who reaches it"))
                .anyMatch(line -> line.contains("TLS needs a certificate"))
                .anyMatch(line -> line.contains("not an origin"))
                .anyMatch(line -> line.contains("not a TURN server"))
                .hasSize(5);
    }

    private static JsonNode body(String answer) throws IOException {
        return new ObjectMapper().readTree(answer.substring(answer.indexOf("\r\n\r\n")));
    }

    /** By hand: a client of Java's does not let a program say where a page comes from. */
    private String ask(String method, String path, String... headers) throws IOException {
        String url = relay.relay().announcements().get(0).replaceFirst("credentials http://(.*)/", "$1");
        int port = Integer.parseInt(url.substring(url.indexOf(':') + 1));
        String body = method.equals("POST") ? "{\"user\": \"dave\"}" : "";
        String request = method + " " + path
                + " HTTP/1.1\r\nHost: turn.example.org\r\nContent-Type: application/json\r\n" + "Content-Length: "
                + body.length() + "\r\n" + String.join("\r\n", List.of(headers)) + "\r\n\r\n" + body;
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
