package dev.culvert.server;

import dev.culvert.server.admin.ReloadReport.Change;
import dev.culvert.server.admin.ReloadReport.Effect;
import dev.culvert.server.config.Problem;
import dev.culvert.server.config.Setting;
import dev.culvert.server.config.Values;
import java.util.List;

/**
 * A configuration as it was read once.
 *
 * @param values what all layers say
 * @param config what they make, as far as they are sound
 * @param files the configuration file, and those that the values name, as they were before they were read
 * @param problems what is wrong; where there is any, nobody runs with {@code config}
 */
record Reading<C>(Values values, C config, FileStates files, List<Problem> problems) {
    /** The settings that are not as they were in {@code before}, by themselves or by what their files hold. */
    List<Change> changesFrom(Reading<C> before) {
        return values.settings().all().stream()
                .filter(setting -> values.differ(setting, before.values) || files.differ(setting, before.files))
                .map(Reading::change)
                .toList();
    }

    private static Change change(Setting<?> setting) {
        return new Change(setting.name(), setting.isLive() ? Effect.APPLIED : Effect.NEEDS_RESTART);
    }
}
