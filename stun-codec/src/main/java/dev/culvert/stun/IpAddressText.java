package dev.culvert.stun;

import java.util.Optional;

/** IP address literals: parsing (RFC 4291 §2.2) and the canonical text (RFC 5952 §4). */
final class IpAddressText {
    private static final int GROUPS = 8;
    private static final int[] INVALID = {-1};

    private IpAddressText() {}

    static Optional<IpAddress> parse(String text) {
        if (text.indexOf(':') >= 0) {
            return parseV6(text);
        }
        long bits = parseV4(text);
        return bits < 0 ? Optional.empty() : Optional.of(IpAddress.v4((int) bits));
    }

    /** The 32 bits of a dotted quad, or -1. A leading zero is refused: some read it as octal. */
    private static long parseV4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return -1;
        }
        long bits = 0;
        for (String part : parts) {
            if (!part.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(part) > 255) {
                return -1;
            }
            bits = bits << 8 | Integer.parseInt(part);
        }
        return bits;
    }

    private static Optional<IpAddress> parseV6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return toAddress(groups(text, true));
        }
        if (text.indexOf("::", gap + 1) >= 0) {
            return Optional.empty();
        }
        int[] head = groups(text.substring(0, gap), false);
        int[] tail = groups(text.substring(gap + 2), true);
        int missing = GROUPS - head.length - tail.length;
        if (missing < 1 || head == INVALID || tail == INVALID) {
            return Optional.empty();
        }
        int[] all = new int[GROUPS];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(tail, 0, all, head.length + missing, tail.length);
        return toAddress(all);
    }

    /** The 16-bit groups of {@code text}; the dotted quad of RFC 4291 §2.2 (3) may stand only where the address ends. */
    private static int[] groups(String text, boolean isEnd) {
        if (text.isEmpty()) {
            return new int[0];
        }
        String[] parts = text.split(":", -1);
        boolean endsInV4 = isEnd && parts[parts.length - 1].indexOf('.') >= 0;
        int[] groups = new int[parts.length + (endsInV4 ? 1 : 0)];
        for (int i = 0; i < parts.length; i++) {
            if (endsInV4 && i == parts.length - 1) {
                long bits = parseV4(parts[i]);
                if (bits < 0) {
                    return INVALID;
                }
                groups[i] = (int) (bits >>> 16);
                groups[i + 1] = (int) (bits & 0xFFFF);
                break;
            }
            if (!parts[i].matches("[0-9a-fA-F]{1,4}")) {
                return INVALID;
            }
            groups[i] = Integer.parseInt(parts[i], 16);
        }
        return groups;
    }

    private static Optional<IpAddress> toAddress(int[] groups) {
        if (groups.length != GROUPS) {
            return Optional.empty();
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < 4; i++) {
            high = high << 16 | groups[i];
            low = low << 16 | groups[i + 4];
        }
        return Optional.of(IpAddress.v6(high, low));
    }

    static String format(IpAddress address) {
        long low = address.low();
        if (address.isIpv4()) {
            return (low >> 24 & 0xFF) + "." + (low >> 16 & 0xFF) + "." + (low >> 8 & 0xFF) + "." + (low & 0xFF);
        }
        if (address.high() == 0 && low >>> 32 == 0xFFFF) {
            return "::ffff:" + IpAddress.v4((int) low); // RFC 5952 §5
        }
        int[] groups = new int[GROUPS];
        for (int i = 0; i < 4; i++) {
            groups[i] = (int) (address.high() >>> (48 - 16 * i) & 0xFFFF);
            groups[i + 4] = (int) (low >>> (48 - 16 * i) & 0xFFFF);
        }
        return formatGroups(groups);
    }

    private static String formatGroups(int[] groups) {
        int gapStart = -1;
        int gapLength = 1; // RFC 5952 §4.2.2: a single zero group is not shortened
        for (int i = 0; i < GROUPS; i++) {
            int run = 0;
            while (i + run < GROUPS && groups[i + run] == 0) {
                run++;
            }
            if (run > gapLength) {
                gapStart = i;
                gapLength = run;
            }
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < GROUPS; i++) {
            if (i == gapStart) {
                text.append("::");
                i += gapLength - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
