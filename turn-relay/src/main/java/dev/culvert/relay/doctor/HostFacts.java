package dev.culvert.relay.doctor;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What the checks want to know of the machine. */
interface HostFacts {
    /** The addresses that a wildcard listener stands for. */
    List<IpAddress> addresses();

    /** A setting of the kernel, for example {@code net.core.rmem_max}; empty where the system does not tell. */
    Optional<String> kernel(String name);

    /** How many files this process may hold open; empty where the system does not tell. */
    OptionalLong openFiles();

    /** To how many that could be raised without privileges. */
    OptionalLong openFilesHard();

    /** The time by the clock of the machine. */
    Instant now();

    /** What is seen to set the clock; empty where nothing is seen, as in a container. */
    Optional<String> clockKeeper();

    /** Whether ports below the first unprivileged one may be bound. */
    boolean mayBindEveryPort();

    /** Why the port cannot be bound, in the system's words; empty where it can. */
    Optional<String> bindFault(Transport transport, TransportAddress address);

    /** Whether a packet from a port of {@code address} arrives at another port of it, which is {@code port}. */
    boolean passes(IpAddress address, int port);

    /** The addresses that a name leads to; none where it leads nowhere. */
    List<IpAddress> resolve(String name);

    /** The bytes of a file. */
    byte[] read(String file) throws IOException;

    /** Whether every user of the machine may read a file. */
    boolean isReadableByAll(String file);
}
