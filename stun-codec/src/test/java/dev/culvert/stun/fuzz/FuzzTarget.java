package dev.culvert.stun.fuzz;

import dev.culvert.stun.CapturedMessages;
import dev.culvert.testkit.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A parser that takes bytes from strangers, as something to throw bytes at.
 *
 * <p>Each target class has a static {@code fuzzerTestOneInput(byte[])}, which Jazzer finds by name.
 *
 * @param type the class
 * @param input its {@code fuzzerTestOneInput}
 * @param seeds well-formed inputs to begin with
 */
record FuzzTarget(Class<?> type, Consumer<byte[]> input, List<byte[]> seeds) {
    static List<FuzzTarget> all() {
        return List.of(
                new FuzzTarget(StunMessageFuzz.class, StunMessageFuzz::fuzzerTestOneInput, packets()),
                new FuzzTarget(ChannelDataFuzz.class, ChannelDataFuzz::fuzzerTestOneInput, packets()),
                new FuzzTarget(StreamFramesFuzz.class, StreamFramesFuzz::fuzzerTestOneInput, packets()),
                new FuzzTarget(
                        StunUriFuzz.class,
                        StunUriFuzz::fuzzerTestOneInput,
                        texts("stun:example.org:3478", "turns:[2001:db8::1]:443?transport=udp", "turn:192.0.2.1")),
                new FuzzTarget(
                        AddressTextFuzz.class,
                        AddressTextFuzz::fuzzerTestOneInput,
                        texts("192.0.2.1:65535", "[2001:db8::1:0:0:1]:3478", "::ffff:192.0.2.1", "1:2:3:4:5:6:7:8")),
                new FuzzTarget(
                        OpaqueStringFuzz.class,
                        OpaqueStringFuzz::fuzzerTestOneInput,
                        texts("correct horse", "foo\u1680bar", "e\u0301l\u00B7l", "\u0661\u200D\uD83D\uDE00")),
                new FuzzTarget(
                        NonceFuzz.class,
                        NonceFuzz::fuzzerTestOneInput,
                        texts("obMatJos2AAACf//499k", "obMatJos2wAAA")));
    }

    private static List<byte[]> packets() {
        List<byte[]> packets = new ArrayList<>(List.of(
                Vectors.request(),
                Vectors.ipv4Response(),
                Vectors.ipv6Response(),
                Vectors.longTermRequest(),
                Vectors.sha256Request()));
        CapturedMessages.all().forEach(captured -> packets.add(captured.bytes().toBytes()));
        return packets;
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
