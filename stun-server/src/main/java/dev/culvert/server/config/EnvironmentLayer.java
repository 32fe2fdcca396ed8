package dev.culvert.server.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Settings in environment variables: {@code CULVERT_} and the option's name; lists hold one item a line. */
public final class EnvironmentLayer {
    static final String PREFIX = "CULVERT_";

    /** Names that the launchers read, and the configuration file's own. */
    private static final Set<String> NOT_SETTINGS = Set.of("CULVERT_JAVA", "CULVERT_JAVA_OPTS", "CULVERT_CONFIG");

    /** What Kubernetes puts into every container where a service is called culvert. */
    private static final Pattern SERVICE_LINK = Pattern.compile("CULVERT_(SERVICE_HOST|SERVICE_PORT.*|PORT(_.*)?)");

    private EnvironmentLayer() {}

    /** Reads the variables of {@code environment} that begin with {@code CULVERT_}; an empty one counts as not set. */
    public static Layer read(Map<String, String> environment, Settings settings, Problems problems) {
        Layer layer = new Layer();
        new TreeMap<>(environment).forEach((variable, text) -> {
            if (isSetting(variable) && !text.isBlank()) {
                put(layer, variable, text, settings, problems);
            }
        });
        return layer;
    }

    private static boolean isSetting(String variable) {
        return variable.startsWith(PREFIX)
                && !NOT_SETTINGS.contains(variable)
                && !SERVICE_LINK.matcher(variable).matches();
    }

    private static void put(Layer layer, String variable, String text, Settings settings, Problems problems) {
        String key =
                variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '-');
        List<Given> items = text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .map(line -> new Given(line, variable))
                .toList();
        if (!layer.put(settings, key, items, problems)) {
            List<String> variables =
                    settings.names().stream().map(Setting::variable).toList();
            problems.add(new Problem(
                    variable,
                    "",
                    "no such setting",
                    Nearest.suggestion(variable, variables, "--help lists the settings")));
        }
    }
}
