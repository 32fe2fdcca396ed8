package dev.culvert.relay.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.testkit.lab.LabHost;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Chromium process of its own with one page, driven by WebDriver. */
final class Browser {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> ARGUMENTS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--allow-loopback-in-peer-connection");

    private final WebDriverHttp http;
    private final String session;

    private Browser(WebDriverHttp http, String session) {
        this.http = http;
        this.session = session;
    }

    /** How the driver is asked: from where it can be reached. */
    @FunctionalInterface
    interface WebDriverHttp {
        WebDriverHttp HERE = (method, url, body) -> {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                    .timeout(Duration.ofSeconds(60))
                    .method(method, BodyPublishers.ofString(body))
                    .build();
            return HttpClient.newHttpClient()
                    .send(request, BodyHandlers.ofString())
                    .body();
        };

        /** From a host of a laboratory, by curl. */
        static WebDriverHttp on(LabHost host) {
            return (method, url, body) -> host.run("curl", "-s", "-m", "60", "-X", method, "--data-raw", body, url)
                    .check()
                    .out();
        }

        /** The answer to a request. */
        String ask(String method, String url, String body) throws IOException, InterruptedException;
    }

    /** The program that starts browsers; they end with it. */
    record Driver(Program program, WebDriverHttp http, int port) implements AutoCloseable {
        static Driver start(Path folder) throws IOException {
            return start(Launcher.HERE, WebDriverHttp.HERE, folder);
        }

        /** On a host of a laboratory. */
        static Driver start(LabHost host, Path folder) throws IOException {
            return start(host::start, WebDriverHttp.on(host), folder);
        }

        private static Driver start(Launcher launcher, WebDriverHttp http, Path folder) throws IOException {
            int port = FreePort.pick();
            Program program =
                    Program.start(launcher, folder, "chromedriver", List.of("chromedriver", "--port=" + port));
            program.awaitLine("ChromeDriver was started successfully");
            return new Driver(program, http, port);
        }

        /** A browser that trusts the certificate of that public key, whatever its name and issuer. */
        Browser browser(String trustedKeyHash) throws IOException, InterruptedException {
            List<String> arguments = new ArrayList<>(ARGUMENTS);
            arguments.add("--ignore-certificate-errors-spki-list=" + trustedKeyHash);
            Map<String, Object> wanted = Map.of("goog:chromeOptions", Map.of("args", arguments));
            String sessions = "http://127.0.0.1:" + port + "/session";
            JsonNode made = post(http, sessions, Map.of("capabilities", Map.of("alwaysMatch", wanted)));
            return new Browser(http, sessions + "/" + made.path("sessionId").asText());
        }

        @Override
        public void close() {
            program.close();
        }
    }

    /** Loads a page anew. */
    void open(Path page) throws IOException, InterruptedException {
        open(page.toUri());
    }

    /** Loads a page anew. */
    void open(URI page) throws IOException, InterruptedException {
        post(http, session + "/url", Map.of("url", page.toString()));
    }

    /** Shows its page as on a screen so wide and so high, which may be narrower than any window. */
    void resize(int width, int height) throws IOException, InterruptedException {
        Map<String, Object> screen = Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false);
        post(
                http,
                session + "/goog/cdp/execute",
                Map.of("cmd", "Emulation.setDeviceMetricsOverride", "params", screen));
    }

    /** The value of an expression on the page, awaited if it is a promise; its arguments are {@code arguments[i]}. */
    JsonNode evaluate(String expression, Object... arguments) throws IOException, InterruptedException {
        return post(
                http, session + "/execute/sync", Map.of("script", "return " + expression, "args", List.of(arguments)));
    }

    private static JsonNode post(WebDriverHttp http, String url, Map<String, Object> body)
            throws IOException, InterruptedException {
        return value(url, http.ask("POST", url, JSON.writeValueAsString(body)));
    }

    private static JsonNode value(String url, String answer) throws IOException {
        JsonNode value = JSON.readTree(answer).path("value");
        if (value.has("error")) {
            throw new IOException(url + ": " + value.path("error").asText() + ": "
                    + value.path("message").asText());
        }
        return value;
    }

    /** Ends it, and lets the driver remove its profile. */
    void quit() throws IOException, InterruptedException {
        value(session, http.ask("DELETE", session, ""));
    }
}
