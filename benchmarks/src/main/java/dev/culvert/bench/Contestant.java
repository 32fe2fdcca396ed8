package dev.culvert.bench;

import dev.culvert.stun.TransportAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A server that can be measured, on an address of its own, so that several can run at a time.
 *
 * @param name as it stands in tables
 * @param address where it listens; TLS has the next port
 * @param environment what is added to its environment
 */
record Contestant(String name, TransportAddress address, Map<String, String> environment) {
    static final String COTURN = "coturn";
    static final String CULVERT = "culvert";

    private static final String CULVERT_SHARED = "culvert-shared";
    private static final String CULVERT_NO_GRO = "culvert-no-gro";
    private static final String CULVERT_NETTY = "culvert-netty";
    private static final String CULVERT_ON_JDK = "culvert-jdk";
    private static final String REALM = "bench";

    /** What a server is to do. */
    enum Task {
        STUN,
        TURN,
        /** TURN for clients on streams. */
        TURN_STREAMS
    }

    /**
     * {@code coturn}; {@code culvert} on the newest Java, or {@code culvert-jdkN} on that one; {@code culvert-shared} with
     * shared relay ports, {@code culvert-no-gro} and {@code culvert-netty} with slower sockets; empty for another name.
     */
    static Optional<Contestant> named(String name, TransportAddress address) {
        if (name.equals(COTURN) || name.equals(CULVERT) || name.equals(CULVERT_SHARED)) {
            return Optional.of(new Contestant(name, address, Map.of()));
        }
        if (name.equals(CULVERT_NO_GRO) || name.equals(CULVERT_NETTY)) {
            String sockets = name.substring(CULVERT.length() + 1);
            return Optional.of(new Contestant(name, address, Map.of("CULVERT_JAVA_OPTS", "-Dculvert.udp=" + sockets)));
        }
        if (!name.matches(CULVERT_ON_JDK + "\\d{1,3}")) {
            return Optional.empty();
        }
        return JavaHomes.command(Integer.parseInt(name.substring(CULVERT_ON_JDK.length())))
                .map(java -> new Contestant(name, address, Map.of("CULVERT_JAVA", java.toString())));
    }

    boolean isCoturn() {
        return name.equals(COTURN);
    }

    TransportAddress tlsAddress() {
        return new TransportAddress(address.ip(), address.port() + 1);
    }

    /** The words that start it for each task, and what they find in the environment. */
    Map<String, String> commands() {
        Map<String, String> commands = new LinkedHashMap<>(environment);
        Certificate certificate = new Certificate(Path.of("chain.pem"), Path.of("key.pem"));
        for (Task task : Task.values()) {
            commands.put(task.name(), String.join(" ", command(task, certificate)));
        }
        return commands;
    }

    /** The words that start it. */
    List<String> command(Task task, Certificate certificate) {
        return List.of((isCoturn() ? coturn(task, certificate) : culvert(task, certificate)).split(" "));
    }

    private String culvert(Task task, Certificate certificate) {
        String command = task == Task.STUN ? "bin/stun-server" : "bin/turn-relay";
        String common = " --threads 1 --no-admin --unauthenticated-rate off --log-level error --listen udp:" + address;
        String turn = " --realm " + REALM + " --user " + TurnSession.USER + ":" + TurnSession.PASSWORD
                + " --allow-peer 127.0.0.0/8 --max-allocations-per-user 1000000 --max-connections 1000";
        String streams = " --max-connections-per-prefix 1000 --listen tcp:" + address + " --listen tls:" + tlsAddress()
                + " --tls-certificate " + certificate.chain() + " --tls-key " + certificate.key();
        return command
                + common
                + (task == Task.STUN ? "" : turn)
                + (name.equals(CULVERT_SHARED) && task != Task.STUN ? " --relay-mode shared" : "")
                + (task == Task.TURN_STREAMS ? streams : "");
    }

    /** At the fastest of its settings: one thread, nothing that is not needed, no optional attribute, no log. */
    private String coturn(Task task, Certificate certificate) {
        String common = "turnserver -n -m 1 --no-dtls --no-cli --no-rfc5780 --no-stun-backward-compatibility"
                + " --response-origin-only-with-rfc5780 --no-software-attribute --no-dynamic-ip-list"
                + " --no-dynamic-realms --max-bps 0 --simple-log --no-stdout-log --log-file /dev/null"
                + " --pidfile /dev/null --listening-ip " + address.ip() + " --listening-port " + address.port();
        String turn = " --relay-ip " + address.ip() + " --allow-loopback-peers --no-tcp-relay --lt-cred-mech --realm "
                + REALM + " --user " + TurnSession.USER + ":" + TurnSession.PASSWORD;
        String streams = " --tls-listening-port " + tlsAddress().port() + " --cert " + certificate.chain() + " --pkey "
                + certificate.key();
        return common
                + (task == Task.STUN ? " --stun-only --no-auth" : turn)
                + (task == Task.TURN_STREAMS ? streams : " --no-tcp --no-tls");
    }
}
