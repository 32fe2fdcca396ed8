package dev.culvert.relay.doctor;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A machine on which all is well until a test says otherwise. Files are those of the real one. */
final class FakeHost implements HostFacts {
    /** An address that is globally reachable, though nothing is ever sent there. */
    static final String PUBLIC = "198.41.0.4";

    static final String PRIVATE = "10.0.0.5";

    List<IpAddress> addresses = List.of(ip("127.0.0.1"), ip(PUBLIC));
    OptionalLong openFiles = OptionalLong.of(1 << 20);
    Instant now = Instant.parse("2030-01-01T00:00:00Z");
    Optional<String> clockKeeper = Optional.of("chronyd");
    boolean mayBindEveryPort = true;
    boolean passes = true;

    final Map<String, String> kernel = new HashMap<>(Map.of(
            "net.core.rmem_max", "4194304",
            "net.core.wmem_max", "4194304",
            "net.ipv4.ip_local_port_range", "32768\t49151",
            "net.ipv4.ip_local_reserved_ports", "",
            "net.ipv4.ip_unprivileged_port_start", "1024"));

    /** Ports that somebody holds, on every address. */
    final Set<Integer> held = new HashSet<>();

    final Map<String, List<IpAddress>> names = new HashMap<>();
    final Set<String> readableByAll = new HashSet<>();
    final List<TransportAddress> tried = new ArrayList<>();

    static IpAddress ip(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    @Override
    public List<IpAddress> addresses() {
        return addresses;
    }

    @Override
    public Optional<String> kernel(String name) {
        return Optional.ofNullable(kernel.get(name));
    }

    @Override
    public OptionalLong openFiles() {
        return openFiles;
    }

    @Override
    public OptionalLong openFilesHard() {
        return OptionalLong.of(1 << 20);
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public Optional<String> clockKeeper() {
        return clockKeeper;
    }

    @Override
    public boolean mayBindEveryPort() {
        return mayBindEveryPort;
    }

    @Override
    public Optional<String> bindFault(Transport transport, TransportAddress address) {
        tried.add(address);
        if (!addresses.contains(address.ip())) {
            return Optional.of("Cannot assign requested address");
        }
        return held.contains(address.port()) ? Optional.of("Address already in use") : Optional.empty();
    }

    @Override
    public boolean passes(IpAddress address, int port) {
        return passes;
    }

    @Override
    public List<IpAddress> resolve(String name) {
        return names.getOrDefault(name, List.of());
    }

    @Override
    public byte[] read(String file) throws IOException {
        return Files.readAllBytes(Path.of(file));
    }

    @Override
    public boolean isReadableByAll(String file) {
        return readableByAll.contains(file);
    }
}
