package dev.culvert.relay.core;

/** The mode of relay ports in which tests run that say nothing else: the build runs them in both. */
public final class TestedMode {
    /** The system property that tells it. */
    static final String PROPERTY = "culvert.relay-mode";

    private TestedMode() {}

    /** As {@code --relay-mode} takes it. */
    public static String name() {
        return System.getProperty(PROPERTY, "exclusive");
    }

    public static RelayMode mode() {
        return name().equals("shared") ? RelayMode.SHARED : RelayMode.EXCLUSIVE;
    }
}
