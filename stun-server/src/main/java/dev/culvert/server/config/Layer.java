package dev.culvert.server.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one source (a file, the environment, the command line) says, by setting. */
public final class Layer {
    private final Map<String, List<Given>> given = new LinkedHashMap<>();

    public Layer() {}

    /**
     * Notes what the source says under {@code key}, which may be an off switch.
     *
     * @return false if no setting has this name
     */
    public boolean put(Settings settings, String key, List<Given> values, Problems problems) {
        Optional<Settings.Key> known = settings.find(key);
        known.ifPresent(found -> put(found, values, problems));
        return known.isPresent();
    }

    private void put(Settings.Key key, List<Given> values, Problems problems) {
        String name = key.setting().name();
        List<Given> said = key.off() ? off(values, problems) : values;
        if (said.isEmpty() && key.off()) {
            return;
        }
        if (given.putIfAbsent(name, List.copyOf(said)) != null) {
            Given first = said.isEmpty() ? new Given("", name) : said.get(0);
            problems.add(new Problem(
                    first.where(), "", "contradicts " + given.get(name).get(0).where(), "give one of them"));
        }
    }

    private static List<Given> off(List<Given> values, Problems problems) {
        Given last = values.get(values.size() - 1);
        try {
            return Parsers.flag(last.text()) ? List.of(new Given(Setting.OFF, last.where())) : List.of();
        } catch (InvalidValueException e) {
            problems.add(new Problem(last.where(), last.text(), e.wrong(), e.right()));
            return List.of();
        }
    }

    Optional<List<Given>> find(Setting<?> setting) {
        return Optional.ofNullable(given.get(setting.name()));
    }
}
