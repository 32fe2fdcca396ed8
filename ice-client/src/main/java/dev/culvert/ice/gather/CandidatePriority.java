package dev.culvert.ice.gather;

/** The priority of a candidate by the formula that RFC 8445 §5.1.2.1 recommends. */
public final class CandidatePriority {
    /** The highest local preference, which a host with one address gives it. */
    public static final int MAX_LOCAL_PREFERENCE = 0xFFFF;

    private static final int MAX_COMPONENT = 256;

    private CandidatePriority() {}

    /**
     * The priority, 1 to 2^31-1.
     *
     * @param localPreference 0–65535, unique among the candidates of one type and component
     * @param component 1–256
     */
    public static long of(CandidateType type, int localPreference, int component) {
        requireComponent(component);
        if (localPreference < 0 || localPreference > MAX_LOCAL_PREFERENCE) {
            throw new IllegalArgumentException("a local preference is 0 to 65535, not " + localPreference);
        }
        // RFC 8445 §5.1.2.1: 2^24 * type preference + 2^8 * local preference + 2^0 * (256 - component ID).
        long priority = ((long) type.preference() << 24) + ((long) localPreference << 8) + (MAX_COMPONENT - component);
        // RFC 8445 §5.1.2: never 0, which only a last relayed candidate of the last component could have.
        return Math.max(1, priority);
    }

    static void requireComponent(int component) {
        if (component < 1 || component > MAX_COMPONENT) {
            throw new IllegalArgumentException("a component is 1 to 256, not " + component);
        }
    }
}
