package dev.culvert.probe;

import dev.culvert.ice.vertx.PacketTap;
import dev.culvert.stun.TransportAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that looks on while messages come and go: the trace of {@code -vv} and the file of {@code --pcap}. */
final class Taps implements PacketTap, AutoCloseable {
    private final List<PacketTap> taps = new ArrayList<>();
    private final @Nullable PcapWriter pcap;

    private Taps(@Nullable PcapWriter pcap) {
        this.pcap = pcap;
    }

    static Taps of(CommonOptions options, Console console) {
        PcapWriter pcap = options.pcap == null ? null : create(options.pcap);
        Taps taps = new Taps(pcap);
        if (pcap != null) {
            taps.taps.add(pcap);
        }
        if (options.verbosity() > 1) {
            taps.taps.add(new MessageTrace(console));
        }
        return taps;
    }

    private static PcapWriter create(Path file) {
        try {
            return PcapWriter.create(file);
        } catch (IOException e) {
            throw new UsageException("--pcap " + file + ": cannot be written ("
                    + e.getClass().getSimpleName() + "); give a file in a folder that exists and is writable");
        }
    }

    @Override
    public void onMessage(
            Direction direction,
            Transport transport,
            TransportAddress local,
            TransportAddress remote,
            ByteBuffer bytes) {
        taps.forEach(tap -> tap.onMessage(direction, transport, local, remote, bytes.duplicate()));
    }

    @Override
    public void close() throws IOException {
        if (pcap != null) {
            pcap.close();
        }
    }
}
