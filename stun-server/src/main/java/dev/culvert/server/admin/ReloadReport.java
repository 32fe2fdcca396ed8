package dev.culvert.server.admin;

import dev.culvert.server.config.Problem;
import java.util.List;

/**
 * What came of reading the configuration again.
 *
 * @param changes the settings that differ from those before; none where there are problems
 * @param problems why everything stays as it was; empty where the new configuration is in force
 */
public record ReloadReport(List<Change> changes, List<Problem> problems) {
    public ReloadReport {
        changes = List.copyOf(changes);
        problems = List.copyOf(problems);
    }

    /**
     * A setting, or a file that a setting names, that is not as before.
     *
     * @param key the setting's name
     */
    public record Change(String key, Effect effect) {}

    /** What became of a change. */
    public enum Effect {
        APPLIED,
        NEEDS_RESTART
    }
}
