package dev.culvert.ice.resolution;

/**
 * An SRV record (RFC 2782).
 *
 * @param priority 0–65535; the lowest is tried first
 * @param weight 0–65535; among records of one priority, the share of clients that try it first
 * @param port 0–65535
 * @param target the name of the host; {@code .} where the service is not offered
 */
public record ServiceRecord(int priority, int weight, int port, String target) {
    public ServiceRecord {
        requireUnsigned16("priority", priority);
        requireUnsigned16("weight", weight);
        requireUnsigned16("port", port);
    }

    private static void requireUnsigned16(String what, int value) {
        if (value < 0 || value > 0xFFFF) {
            throw new IllegalArgumentException("a " + what + " is 0 to 65535, not " + value);
        }
    }

    /** Whether it says that there is a server, and where. */
    boolean isOffer() {
        return port != 0 && !target.isEmpty() && !target.equals(".");
    }
}
