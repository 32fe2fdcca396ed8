package dev.culvert.server.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The settings of one program, found by name. */
public final class Settings {
    private final List<Setting<?>> all;
    private final Map<String, Key> keys = new LinkedHashMap<>();

    /**
     * What a name stands for.
     *
     * @param off whether it is the setting's {@link Setting#offSwitch}
     */
    record Key(String name, Setting<?> setting, boolean off) {}

    public Settings(List<Setting<?>> all) {
        this.all = List.copyOf(all);
        for (Setting<?> setting : all) {
            keys.put(setting.name(), new Key(setting.name(), setting, false));
            if (!setting.offSwitch().isEmpty()) {
                keys.put(setting.offSwitch(), new Key(setting.offSwitch(), setting, true));
            }
        }
    }

    /** These settings, {@code more} replacing those of the same name and following the others. */
    public Settings with(List<Setting<?>> more) {
        Map<String, Setting<?>> merged = new LinkedHashMap<>();
        all.forEach(setting -> merged.put(setting.name(), setting));
        more.forEach(setting -> merged.put(setting.name(), setting));
        return new Settings(new ArrayList<>(merged.values()));
    }

    /** Every setting in the order of the help. */
    public List<Setting<?>> all() {
        return all;
    }

    Optional<Key> find(String key) {
        return Optional.ofNullable(keys.get(key));
    }

    Set<String> names() {
        return keys.keySet();
    }
}
