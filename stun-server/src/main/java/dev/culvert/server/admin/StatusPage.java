package dev.culvert.server.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The page at {@code /}: one file that holds all it needs, and nothing of the server. What it shows it asks the API for. */
final class StatusPage {
    private final String html;
    private final String securityPolicy;

    StatusPage() {
        String style = read("status.css");
        String script = Stream.of("status.js", "show.js", "relay-test.js")
                .map(StatusPage::read)
                .collect(Collectors.joining("\n", "'use strict';\n", ""));
        html = read("status.html").replace("/*style*/", style).replace("/*script*/", script);
        securityPolicy = "default-src 'none'; style-src '" + hash(style) + "'; script-src '" + hash(script)
                + "'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    String html() {
        return html;
    }

    /** What the page may do: nothing but run its own script and ask its own server. */
    String securityPolicy() {
        return securityPolicy;
    }

    private static String read(String resource) {
        try (InputStream in = StatusPage.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
