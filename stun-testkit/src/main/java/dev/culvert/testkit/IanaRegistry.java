package dev.culvert.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One of IANA's tables as data, to hold a codec's constants against.
 *
 * @param name what it lists
 * @param entries its named values in ascending order; unassigned and nameless reserved ones are left out
 */
public record IanaRegistry(String name, List<Entry> entries) {
    /**
     * One named value.
     *
     * @param reference the RFC, for example {@code RFC8489}, or who registered it
     * @param reserved whether the name is that of an older RFC, kept for decoding only
     */
    public record Entry(int value, String name, String reference, boolean reserved) {}

    /**
     * A prefix whose addresses are not globally reachable.
     *
     * @param prefix an address, a slash and a length, for example {@code 10.0.0.0/8}
     * @param embedsIpv4 whether its addresses are judged by the IPv4 address that they embed
     */
    public record SpecialPrefix(String prefix, boolean embedsIpv4) {}

    public IanaRegistry {
        entries = List.copyOf(entries);
    }

    /** STUN and TURN methods; reserved ones by their RFC 3489 name. */
    public static IanaRegistry methods() {
        return read("STUN methods", "stun-methods.txt");
    }

    /** STUN, TURN and ICE attributes; those of RFC 3489 that nothing uses any more are reserved. */
    public static IanaRegistry attributes() {
        return read("STUN attributes", "stun-attributes.txt");
    }

    /** Error codes with their default reason phrases. */
    public static IanaRegistry errorCodes() {
        return read("STUN error codes", "stun-error-codes.txt");
    }

    /** Password algorithms of RFC 8489 §18.5, without the reserved zero. */
    public static IanaRegistry passwordAlgorithms() {
        return read("STUN password algorithms", "stun-password-algorithms.txt");
    }

    /** The prefixes that a relay refuses as peers unless told otherwise. */
    public static List<SpecialPrefix> deniedByDefault() {
        return Resource.lines(IanaRegistry.class, "iana/denied-by-default.txt").stream()
                .map(line -> line.split(" ", 2))
                .map(fields -> new SpecialPrefix(fields[0], fields.length > 1 && fields[1].equals("inner")))
                .toList();
    }

    /** The entry with this value. */
    public Optional<Entry> byValue(int value) {
        return entries.stream().filter(entry -> entry.value == value).findFirst();
    }

    /** The entry with this name, in IANA's spelling. */
    public Optional<Entry> byName(String entryName) {
        return entries.stream().filter(entry -> entry.name.equals(entryName)).findFirst();
    }

    private static IanaRegistry read(String name, String resource) {
        List<String> lines = Resource.lines(IanaRegistry.class, "iana/" + resource);
        return new IanaRegistry(name, lines.stream().map(IanaRegistry::entry).toList());
    }

    private static Entry entry(String line) {
        List<String> fields = Arrays.stream(line.split(";")).map(String::strip).toList();
        if (fields.size() != 4) {
            throw new IllegalArgumentException("not value; name; reference; state: " + line);
        }
        return new Entry(
                Integer.decode(fields.get(0)),
                fields.get(1),
                fields.get(2),
                fields.get(3).equals("reserved"));
    }
}
