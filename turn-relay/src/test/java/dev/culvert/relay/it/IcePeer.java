package dev.culvert.relay.it;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Starts one end of an aioice connection.
 *
 * @param scripts where its script is
 * @param launcher where it runs
 * @param server what it is told to use
 * @param remoteIsLite whether the other end only answers checks
 */
record IcePeer(Scripts scripts, Launcher launcher, TurnServerUnderTest server, boolean remoteIsLite) {
    /** How many messages each end sends. */
    static final int MESSAGES = 200;

    /** One that meets its like. */
    IcePeer(Scripts scripts, Launcher launcher, TurnServerUnderTest server) {
        this(scripts, launcher, server, false);
    }

    /** How many bytes are in the first {@code messages} messages of one end. */
    static int bytes(int messages) {
        return IntStream.range(0, messages)
                .map(number -> 1 + number * 37 % 1200)
                .sum();
    }

    /** With nothing but a relayed candidate, by {@code udp}, {@code tcp} or {@code tls}. */
    Program relayedBy(String transport, boolean controlling, List<String> words) throws IOException {
        boolean tls = transport.equals("tls");
        Map<String, Object> options = options(controlling);
        options.put("relay", true);
        options.put("port", tls ? server.tlsPort() : server.port());
        options.put("transport", tls ? "tcp" : transport);
        options.put("tls", tls);
        options.put("user", TurnServerUnderTest.USER);
        options.put("password", TurnServerUnderTest.PASSWORD);
        return start(options, words);
    }

    /** With every candidate but a relayed one; the server serves as a STUN server. */
    Program direct(boolean controlling) throws IOException {
        Map<String, Object> options = options(controlling);
        options.put("port", server.port());
        return start(options, List.of());
    }

    private Map<String, Object> options(boolean controlling) {
        return new HashMap<>(
                Map.of("controlling", controlling, "host", server.host(), "messages", MESSAGES, "lite", remoteIsLite));
    }

    private Program start(Map<String, Object> options, List<String> words) throws IOException {
        return scripts.start(launcher, words, "ice_peer.py", new ObjectMapper().writeValueAsString(options));
    }
}
