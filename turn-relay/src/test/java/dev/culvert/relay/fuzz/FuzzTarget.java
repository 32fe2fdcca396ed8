package dev.culvert.relay.fuzz;

import dev.culvert.relay.auth.UsersFileFuzz;
import dev.culvert.relay.core.TurnServerFuzz;
import dev.culvert.relay.policy.PeerRuleFuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What takes bytes from strangers or files, as something to throw bytes at.
 *
 * @param type the class, whose {@code fuzzerTestOneInput} Jazzer finds by name
 * @param input its {@code fuzzerTestOneInput}
 * @param seeds well-formed inputs to begin with
 */
record FuzzTarget(Class<?> type, Consumer<byte[]> input, List<byte[]> seeds) {
    static List<FuzzTarget> all() {
        return List.of(
                new FuzzTarget(TurnServerFuzz.class, TurnServerFuzz::fuzzerTestOneInput, scripts()),
                new FuzzTarget(
                        PeerRuleFuzz.class,
                        PeerRuleFuzz::fuzzerTestOneInput,
                        texts("192.0.2.0/24", "192.0.2.7:5060", "[2001:db8::/32]:80,443,1000-2000")),
                new FuzzTarget(
                        UsersFileFuzz.class,
                        UsersFileFuzz::fuzzerTestOneInput,
                        texts(
                                "# comment\nalice: secret\nbob: md5:0123456789abcdef0123456789abcdef\n",
                                "'carol': sha256:" + "0123456789abcdef".repeat(4),
                                "0123456789abcdef".repeat(4) + "\n")));
    }

    /** Allocations with permissions and channels, packets both ways, time, another policy. */
    private static List<byte[]> scripts() {
        return List.of(
                new byte[] {0, 0, 2, 0, 0, 4, 0, 1, 0, 5, 0, 0, 0, 6, 0, 0, 7, 0x40, 0, 0, 0, 8, 9, 70, 1, 0, 3, 0},
                new byte[] {
                    1, 1, 2, 1, 1, 5, 1, 2, 2, 2, 3, 0, 9, 1, 0, 7, 0x40, 1, 0, 0, 1, 1, 2, 0, 0x0C, 4, 1, 2, 3, 4
                });
    }

    private static List<byte[]> texts(String... texts) {
        return Stream.of(texts)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    @Override
    public String toString() {
        return type.getSimpleName();
    }
}
