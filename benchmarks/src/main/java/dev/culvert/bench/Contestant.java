package dev.culvert.bench;

import dev.culvert.stun.TransportAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    private static final String COTURN_UNTHREADED = "coturn-m0";
    private static final String SHARED = "shared";
    private static final Pattern CULVERT_VARIANT = Pattern.compile("culvert(?:-jdk(\\d{1,3}))?(?:-([a-z].*))?");

    /** The flags of the Java virtual machine that a variant has beyond the launcher's. */
    private static final Map<String, String> VARIANTS = Map.of(
            SHARED,
            "",
            "no-gro",
            "-Dculvert.udp=no-gro",
            "netty",
            "-Dculvert.udp=netty",
            "g1",
            "-XX:-UseSerialGC -XX:+UseG1GC",
            "parallel",
            "-XX:-UseSerialGC -XX:+UseParallelGC",
            "unchecked",
            "-Dio.netty.buffer.checkBounds=false -Dio.netty.buffer.checkAccessible=false"
                    + " -Dio.netty.leakDetection.level=disabled",
            "c1",
            "-XX:TieredStopAtLevel=1");

    private static final String REALM = "bench";

    /** What a server is to do. */
    enum Task {
        STUN,
        TURN,
        /** TURN for clients on streams. */
        TURN_STREAMS
    }

    /**
     * {@code coturn}, and {@code coturn-m0} without a thread for relaying beside its own; {@code culvert} on the newest
     * Java, {@code culvert-jdkN} on that one, and either with a variant behind it: {@code shared} relay ports, slower
     * sockets ({@code no-gro}, {@code netty}), or other flags of the Java virtual machine; empty for another name.
     */
    static Optional<Contestant> named(String name, TransportAddress address) {
        if (name.equals(COTURN) || name.equals(COTURN_UNTHREADED)) {
            return Optional.of(new Contestant(name, address, Map.of()));
        }
        Matcher variant = CULVERT_VARIANT.matcher(name);
        if (!variant.matches() || variant.group(2) != null && !VARIANTS.containsKey(variant.group(2))) {
            return Optional.empty();
        }
        Map<String, String> environment = new HashMap<>();
        if (variant.group(1) != null) {
            Optional<Path> java = JavaHomes.command(Integer.parseInt(variant.group(1)));
            if (java.isEmpty()) {
                return Optional.empty();
            }
            environment.put("CULVERT_JAVA", java.get().toString());
        }
        if (variant.group(2) != null) {
            environment.put("CULVERT_JAVA_OPTS", VARIANTS.get(variant.group(2)));
        }
        return Optional.of(new Contestant(name, address, environment));
    }

    boolean isCoturn() {
        return name.startsWith(COTURN);
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
                + (name.endsWith(SHARED) && task != Task.STUN ? " --relay-mode shared" : "")
                + (task == Task.TURN_STREAMS ? streams : "");
    }

    /** At the fastest of its settings: one thread, nothing that is not needed, no optional attribute, no log. */
    private String coturn(Task task, Certificate certificate) {
        String common = "turnserver -n -m " + (name.equals(COTURN_UNTHREADED) ? 0 : 1)
                + " --no-dtls --no-cli --no-rfc5780 --no-stun-backward-compatibility"
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
