package dev.culvert.relay.doctor;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.io.BindFailedException;
import dev.culvert.server.io.HostAddresses;
import dev.culvert.server.io.PortProbe;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The machine that this runs on. What a system other than Linux does not tell stays unknown. */
final class ThisHost implements HostFacts {
    private static final Path KERNEL = Path.of("/proc/sys");
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path PROCESSES = Path.of("/proc");
    private static final Pattern OPEN_FILES = Pattern.compile("Max open files +\\S+ +([0-9]+)");
    private static final Pattern CAPABILITIES = Pattern.compile("CapEff:\\s*([0-9a-f]+)");
    private static final int CAP_NET_BIND_SERVICE = 10;
    private static final int PATIENCE_MILLIS = 500;
    private static final int MOST_BYTES = 16 << 10;

    /** Names of processes, of which the kernel keeps 15 characters. */
    private static final Set<String> CLOCK_KEEPERS =
            Set.of("chronyd", "systemd-timesyn", "ntpd", "ntpd-rs", "openntpd", "ptp4l", "phc2sys");

    @Override
    public List<IpAddress> addresses() {
        try {
            return HostAddresses.all();
        } catch (SocketException e) {
            return List.of();
        }
    }

    @Override
    public Optional<String> kernel(String name) {
        return text(KERNEL.resolve(name.replace('.', '/'))).map(String::strip);
    }

    /** Of the kernel's settings only the first read tells anything, and their size is told as 0. */
    private static Optional<String> text(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] text = new byte[MOST_BYTES];
            int length = in.read(text);
            return Optional.of(new String(text, 0, Math.max(0, length), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public OptionalLong openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? OptionalLong.of(system.getMaxFileDescriptorCount())
                : OptionalLong.empty();
    }

    @Override
    public OptionalLong openFilesHard() {
        Matcher hard = OPEN_FILES.matcher(text(LIMITS).orElse(""));
        return hard.find() ? OptionalLong.of(Long.parseLong(hard.group(1))) : OptionalLong.empty();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public Optional<String> clockKeeper() {
        try (Stream<Path> processes = Files.list(PROCESSES)) {
            return processes
                    .filter(process -> process.getFileName().toString().matches("[0-9]+"))
                    .flatMap(process -> text(process.resolve("comm")).stream())
                    .map(String::strip)
                    .filter(CLOCK_KEEPERS::contains)
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public boolean mayBindEveryPort() {
        Matcher capabilities = CAPABILITIES.matcher(text(STATUS).orElse(""));
        return !capabilities.find()
                || (Long.parseUnsignedLong(capabilities.group(1), 16) & 1L << CAP_NET_BIND_SERVICE) != 0;
    }

    @Override
    public Optional<String> bindFault(Transport transport, TransportAddress address) {
        try {
            PortProbe.bindOnce(transport, address);
            return Optional.empty();
        } catch (BindFailedException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            return Optional.of(Objects.requireNonNullElse(cause.getMessage(), cause.toString()));
        }
    }

    @Override
    public boolean passes(IpAddress address, int port) {
        InetAddress ip = address.toInetAddress();
        try (DatagramSocket from = new DatagramSocket(0, ip);
                DatagramSocket to = new DatagramSocket(port, ip)) {
            to.setSoTimeout(PATIENCE_MILLIS);
            from.send(new DatagramPacket(new byte[1], 1, to.getLocalSocketAddress()));
            to.receive(new DatagramPacket(new byte[1], 1));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public List<IpAddress> resolve(String name) {
        try {
            return Arrays.stream(InetAddress.getAllByName(name))
                    .map(IpAddress::of)
                    .toList();
        } catch (UnknownHostException e) {
            return List.of();
        }
    }

    @Override
    public byte[] read(String file) throws IOException {
        return Files.readAllBytes(Path.of(file));
    }

    @Override
    public boolean isReadableByAll(String file) {
        try {
            return Files.getPosixFilePermissions(Path.of(file)).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
