package dev.culvert.server.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The effective value of each setting, later layers having won.
 *
 * <p>A value that does not parse is noted as a problem once, and its default stands in for it, so that binding goes on
 * and finds the other problems.
 */
public final class Values {
    private final Settings settings;
    private final Problems problems;
    private final Map<String, List<Given>> given;

    /** Merges {@code layers}, the later ones winning, and parses every value. */
    public Values(Settings settings, List<Layer> layers, Problems problems) {
        this(settings, merged(settings, layers), problems);
    }

    private Values(Settings settings, Map<String, List<Given>> given, Problems problems) {
        this.settings = settings;
        this.given = given;
        this.problems = problems;
        settings.all().forEach(this::check);
    }

    private static Map<String, List<Given>> merged(Settings settings, List<Layer> layers) {
        Map<String, List<Given>> merged = new LinkedHashMap<>();
        for (Setting<?> setting : settings.all()) {
            layers.forEach(layer -> layer.find(setting).ifPresent(values -> merged.put(setting.name(), values)));
        }
        return merged;
    }

    /** These values as far as they are {@link Setting#isLive}, and those of {@code before} for all else. */
    public Values liveOver(Values before, Problems problems) {
        Map<String, List<Given>> mixed = new LinkedHashMap<>();
        for (Setting<?> setting : settings.all()) {
            Values from = setting.isLive() ? this : before;
            if (from.isGiven(setting)) {
                mixed.put(setting.name(), from.texts(setting));
            }
        }
        return new Values(settings, mixed, problems);
    }

    /** Whether {@code setting} has another value here than in {@code other}. */
    public boolean differ(Setting<?> setting, Values other) {
        List<String> before = other.texts(setting).stream().map(Given::text).toList();
        List<String> now = texts(setting).stream().map(Given::text).toList();
        return !now.equals(before) && !all(setting).equals(other.all(setting));
    }

    private void check(Setting<?> setting) {
        List<Given> texts = texts(setting);
        parseAll(setting, texts, problems);
        if (!setting.repeatable() && texts.size() > 1) {
            problems.add(new Problem(texts.get(1).where(), "", "given more than once", "give it once"));
        }
        if (!setting.repeatable() && texts.isEmpty() && isGiven(setting)) {
            problems.add(new Problem(setting.name(), "", "an empty list", "give one value"));
        }
    }

    /** The value of a setting that has a default. */
    public <T> T one(Setting<T> setting) {
        return find(setting).orElseThrow(() -> new IllegalArgumentException(setting.name() + " has no default"));
    }

    /** The value of a setting that may have none. */
    public <T> Optional<T> find(Setting<T> setting) {
        return all(setting).stream().findFirst();
    }

    /** The values of a list. */
    public <T> List<T> all(Setting<T> setting) {
        Problems wrong = new Problems();
        List<T> values = parseAll(setting, texts(setting), wrong);
        boolean missing = values.isEmpty() && !setting.repeatable();
        return wrong.list().isEmpty() && !missing ? values : parseAll(setting, defaults(setting), wrong);
    }

    /** Whether somebody gave it, even if what was given equals the default. */
    public boolean isGiven(Setting<?> setting) {
        return given.containsKey(setting.name());
    }

    /** Whether all of these parse: a check across settings is of no use where one does not. */
    public boolean areSound(Setting<?>... some) {
        for (Setting<?> setting : some) {
            Problems wrong = new Problems();
            parseAll(setting, texts(setting), wrong);
            if (!wrong.list().isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** Notes a problem with the {@code index}-th value of {@code setting}. */
    public void refuse(Setting<?> setting, int index, String wrong, String right) {
        List<Given> texts = texts(setting);
        Given at = index < texts.size() ? texts.get(index) : new Given("", setting.option());
        problems.add(problem(setting, at, wrong, right));
    }

    /** Notes a problem with something other than one value of a setting. */
    public void note(Problem problem) {
        problems.add(problem);
    }

    /** What is wrong so far, of the values and of how they were given. */
    public List<Problem> problems() {
        return problems.list();
    }

    /** The settings that these are the values of. */
    public Settings settings() {
        return settings;
    }

    /** The effective values as texts, with their sources. */
    public List<Given> texts(Setting<?> setting) {
        List<Given> texts = given.get(setting.name());
        return texts == null ? defaults(setting) : texts;
    }

    /** The setting of this name as this program has it: its default may differ from another program's. */
    private List<Given> defaults(Setting<?> setting) {
        Setting<?> own = settings.find(setting.name()).orElseThrow().setting();
        return own.defaults().stream()
                .map(text -> new Given(text, setting.option() + " by default"))
                .toList();
    }

    private static <T> List<T> parseAll(Setting<T> setting, List<Given> texts, Problems problems) {
        List<T> values = new ArrayList<>();
        for (Given one : texts) {
            try {
                values.add(setting.parser().parse(one.text()));
            } catch (InvalidValueException e) {
                problems.add(problem(setting, one, e.wrong(), e.right()));
            }
        }
        return values;
    }

    private static Problem problem(Setting<?> setting, Given at, String wrong, String right) {
        return new Problem(at.where(), setting.secret() ? "" : at.text(), wrong, right);
    }
}
