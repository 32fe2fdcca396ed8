package dev.culvert.relay.doctor;

import dev.culvert.relay.config.FileDescriptors;
import dev.culvert.server.io.UdpRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What the system lets one process have: open files, and memory for sockets. */
final class LimitCheck {
    private static final String FILES = "open files";
    private static final String BUFFERS = "udp buffers";
    private static final int FEW_ALLOCATIONS = 1000;

    private LimitCheck() {}

    static List<Finding> of(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        openFiles(subject).ifPresent(findings::add);
        buffers(subject).ifPresent(findings::add);
        return findings;
    }

    private static Optional<Finding> openFiles(Subject subject) {
        OptionalLong limit = subject.host().openFiles();
        if (limit.isEmpty()) {
            return Optional.empty();
        }
        int connections = subject.config().server().connections().max();
        boolean isShared = subject.config().protocol().mode().isShared();
        int allocations = isShared ? 0 : subject.config().limits().maxAllocations();
        long needed = FileDescriptors.needed(allocations, connections);
        String hard = subject.host().openFilesHard().isPresent()
                ? " (hard limit " + subject.host().openFilesHard().getAsLong() + ")"
                : "";
        String seen = "this process may hold " + limit.getAsLong() + hard;
        if ((isShared || subject.namesMaxAllocations()) && needed > limit.getAsLong()) {
            return Optional.of(Finding.error(
                    FILES,
                    seen + ", " + (isShared ? "" : allocations + " allocations and ") + connections
                            + " connections need " + needed,
                    raise(needed)));
        }
        int room = FileDescriptors.allocations(limit.getAsLong(), connections);
        if (!isShared && room < FEW_ALLOCATIONS) {
            return Optional.of(
                    Finding.warn(FILES, seen + ", which is room for " + room + " allocations", raise(65_536)));
        }
        return Optional.of(Finding.ok(FILES, seen + (isShared ? "" : ", which is room for " + room + " allocations")));
    }

    private static String raise(long limit) {
        return "ulimit -n " + limit + " before the start (systemd: LimitNOFILE=" + limit + "), or lower"
                + " --max-allocations and --max-connections";
    }

    private static Optional<Finding> buffers(Subject subject) {
        List<String> small = new ArrayList<>();
        List<String> mends = new ArrayList<>();
        int wanted = UdpRole.LISTENER.socketBufferBytes();
        for (String name : List.of("net.core.rmem_max", "net.core.wmem_max")) {
            subject.host()
                    .kernel(name)
                    .filter(text -> text.matches("[0-9]{1,18}"))
                    .filter(text -> Long.parseLong(text) < wanted)
                    .ifPresent(text -> {
                        small.add(name + " is " + text);
                        mends.add(name + "=" + wanted);
                    });
        }
        boolean isTold = subject.host().kernel("net.core.rmem_max").isPresent();
        if (!isTold) {
            return Optional.empty();
        }
        return Optional.of(
                small.isEmpty()
                        ? Finding.ok(BUFFERS, "a listener gets the " + wanted + " bytes that it asks for")
                        : Finding.warn(
                                BUFFERS,
                                "a listener asks for " + wanted + " bytes, but " + String.join(" and ", small)
                                        + ": bursts are lost",
                                "sysctl -w " + String.join(" ", mends)));
    }
}
