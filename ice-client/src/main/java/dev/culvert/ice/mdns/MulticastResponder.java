package dev.culvert.ice.mdns;

import static dev.culvert.ice.mdns.MulticastQuery.CLASS_IN;
import static dev.culvert.ice.mdns.MulticastQuery.TOP_BIT;
import static dev.culvert.ice.mdns.MulticastQuery.TYPE_A;
import static dev.culvert.ice.mdns.MulticastQuery.TYPE_AAAA;
import static dev.culvert.ice.mdns.MulticastQuery.TYPE_ANY;
import static dev.culvert.ice.mdns.MulticastQuery.TYPE_NSEC;

import dev.culvert.ice.mdns.MulticastQuery.Question;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Answers for the names that stand in for this host's addresses, on one link (RFC 6762). The names are random, so it does
 * not probe for them (§8.1). Mutable, for one thread.
 */
public final class MulticastResponder {
    /** RFC 6762 §3: where queries come and answers go. */
    public static final TransportAddress GROUP =
            new TransportAddress(IpAddress.parse("224.0.0.251").orElseThrow(), 5353);

    /** RFC 6762 §10: of records that hold a host's address. */
    private static final int TTL_SECONDS = 120;

    /** RFC 6762 §6.7: at most, for queriers that do not know multicast DNS. */
    private static final int LEGACY_TTL_SECONDS = 10;

    /** RFC 6762 §6: of one record on one link. */
    private static final long BETWEEN_MULTICASTS_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** RFC 6762 §18.2, §18.4: a response, and authoritative. */
    private static final short RESPONSE = (short) 0x8400;

    /** A name of 255 bytes and a record around it. */
    private static final int MOST_RECORD_BYTES = 320;

    private static final int HEADER_BYTES = 12;

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** A name that is answered for. */
    private static final class Entry {
        final String name;
        final IpAddress address;
        long multicastAtNanos;
        boolean wasMulticast;

        Entry(String name, IpAddress address) {
            this.name = name;
            this.address = address;
        }

        int type() {
            return address.isIpv4() ? TYPE_A : TYPE_AAAA;
        }

        byte[] data() {
            return address.toInetAddress().getAddress();
        }

        /** RFC 6762 §6.1: there is nothing but the address; a bitmap says so (RFC 4034 §4.1.2). */
        byte[] nothingElse() {
            byte[] next = wire(name);
            ByteBuffer data = ByteBuffer.allocate(next.length + 2 + type() / 8 + 1);
            data.put(next).put((byte) 0).put((byte) (type() / 8 + 1));
            return data.put(data.capacity() - 1, (byte) (0x80 >> type() % 8)).array();
        }
    }

    /** What is told about an entry: its address, or that it has none of the other kind. */
    private record Told(Entry entry, boolean isAddress) {}

    /** A datagram, and where it goes. */
    public record Reply(ByteBuffer message, TransportAddress to) {}

    /** Answers for {@code name} from now on. */
    public void put(String name, IpAddress address) {
        entries.putIfAbsent(name.toLowerCase(Locale.ROOT), new Entry(name, address));
    }

    /** Whether it answers for {@code name}. */
    public boolean has(String name) {
        return entries.containsKey(name.toLowerCase(Locale.ROOT));
    }

    /**
     * The answer to a datagram that came to the group's port.
     *
     * @param from who sent it
     * @return empty where it asks for nothing of ours, or for what was told just now
     */
    public Optional<Reply> answer(ByteBuffer datagram, TransportAddress from, long nowNanos) {
        return MulticastQuery.parse(datagram).flatMap(query -> answer(query, from, nowNanos));
    }

    private Optional<Reply> answer(MulticastQuery query, TransportAddress from, long nowNanos) {
        List<Question> ours =
                query.questions().stream().filter(each -> has(each.name())).toList();
        Set<Told> told = new LinkedHashSet<>();
        for (Question question : ours) {
            Entry entry = entries.get(question.name());
            if (entry != null && !isKnown(entry, query)) {
                told.add(new Told(entry, question.type() == entry.type() || question.type() == TYPE_ANY));
            }
        }
        if (from.port() != GROUP.port()) {
            return told.isEmpty() ? Optional.empty() : Optional.of(new Reply(legacy(query.id(), ours, told), from));
        }
        // RFC 6762 §5.4
        if (ours.stream().allMatch(Question::wantsUnicast)) {
            return told.isEmpty() ? Optional.empty() : Optional.of(new Reply(message(told, TTL_SECONDS), from));
        }
        told.removeIf(each -> each.entry.wasMulticast
                && nowNanos - each.entry.multicastAtNanos < BETWEEN_MULTICASTS_NANOS); // RFC 6762 §6
        return told.isEmpty() ? Optional.empty() : Optional.of(multicast(told, TTL_SECONDS, nowNanos));
    }

    /** RFC 6762 §7.1: what the querier knows for half its time to live or more is not told. */
    private static boolean isKnown(Entry entry, MulticastQuery query) {
        return query.knownAnswers().stream()
                .anyMatch(known -> known.name().equalsIgnoreCase(entry.name)
                        && known.type() == entry.type()
                        && known.ttlSeconds() >= TTL_SECONDS / 2
                        && known.data().equals(ByteBuffer.wrap(entry.data())));
    }

    /** What tells the link of all names, unasked (RFC 6762 §8.3); empty where there are none. */
    public Optional<Reply> announcement(long nowNanos) {
        return all(TTL_SECONDS, nowNanos);
    }

    /** What tells the link that the names are no longer good (RFC 6762 §10.1); empty where there are none. */
    public Optional<Reply> goodbye(long nowNanos) {
        return all(0, nowNanos);
    }

    private Optional<Reply> all(int ttlSeconds, long nowNanos) {
        Set<Told> told = new LinkedHashSet<>();
        entries.values().forEach(entry -> told.add(new Told(entry, true)));
        return told.isEmpty() ? Optional.empty() : Optional.of(multicast(told, ttlSeconds, nowNanos));
    }

    private static Reply multicast(Set<Told> told, int ttlSeconds, long nowNanos) {
        for (Told each : told) {
            each.entry.wasMulticast = true;
            each.entry.multicastAtNanos = nowNanos;
        }
        return new Reply(message(told, ttlSeconds), GROUP);
    }

    private static ByteBuffer message(Set<Told> told, int ttlSeconds) {
        ByteBuffer out = header(0, 0, told.size());
        told.forEach(each -> write(out, each, CLASS_IN | TOP_BIT, ttlSeconds));
        return out.flip();
    }

    /** RFC 6762 §6.7: as a unicast server would answer. */
    private static ByteBuffer legacy(int id, Collection<Question> questions, Set<Told> told) {
        ByteBuffer out = header(id, questions.size(), told.size());
        for (Question question : questions) {
            out.put(wire(question.name())).putShort((short) question.type()).putShort((short) CLASS_IN);
        }
        told.forEach(each -> write(out, each, CLASS_IN, LEGACY_TTL_SECONDS));
        return out.flip();
    }

    private static ByteBuffer header(int id, int questions, int answers) {
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + MOST_RECORD_BYTES * (questions + 2 * answers));
        return out.putShort((short) id)
                .putShort(RESPONSE)
                .putShort((short) questions)
                .putShort((short) answers)
                .putInt(0);
    }

    private static void write(ByteBuffer out, Told told, int classField, int ttlSeconds) {
        byte[] data = told.isAddress ? told.entry.data() : told.entry.nothingElse();
        out.put(wire(told.entry.name))
                .putShort((short) (told.isAddress ? told.entry.type() : TYPE_NSEC))
                .putShort((short) classField)
                .putInt(ttlSeconds)
                .putShort((short) data.length)
                .put(data);
    }

    private static byte[] wire(String name) {
        byte[] text = name.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer wire = ByteBuffer.allocate(text.length + 2);
        for (String label : name.split("\\.")) {
            wire.put((byte) label.length()).put(label.getBytes(StandardCharsets.ISO_8859_1));
        }
        return wire.put((byte) 0).array();
    }
}
