package dev.culvert.server.admin;

import java.util.Objects;

/** The version of this build. */
public final class Version {
    private Version() {}

    /** The jar's version, or {@code development} where the classes do not come from a jar. */
    public static String text() {
        return Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "development");
    }
}
