package dev.culvert.server.config;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The configuration as YAML that a configuration file can hold. */
public final class ConfigText {
    /** Plain, YAML of one version or another takes these for numbers and the like. */
    private static final Pattern OTHER_TYPES = Pattern.compile(
            "true|false|on|off|yes|no|y|n|[0-9][0-9_]*([.][0-9]*)?(e[0-9]+)?|0[xob][0-9a-f]+",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern YAML_BREAKS = Pattern.compile("[\\x7F-\\x{9F}\\x{2028}\\x{2029}\\x{FEFF}]");

    private ConfigText() {}

    /** Every effective value; a hidden one is a comment, so that the text can be fed back. */
    public static String effective(Values values) {
        StringBuilder yaml = new StringBuilder();
        for (Setting<?> setting : values.settings().all()) {
            List<String> texts = values.texts(setting).stream().map(Given::text).toList();
            yaml.append(line(setting, texts)).append('\n');
        }
        return yaml.toString();
    }

    private static String line(Setting<?> setting, List<String> texts) {
        if (texts.isEmpty() && !setting.repeatable()) {
            return "# " + setting.name() + ": not set";
        }
        if (setting.secret() && !texts.isEmpty()) {
            return "# " + setting.name() + ": hidden";
        }
        return entry(setting, texts);
    }

    /** A file in which every setting is explained and commented out, showing its default. */
    public static String example(String program, Settings settings) {
        StringBuilder yaml = new StringBuilder();
        yaml.append("# Configuration of ")
                .append(program)
                .append(": ")
                .append(program)
                .append(" --config FILE\n");
        yaml.append("# Every setting may also stand in the environment (CULVERT_LISTEN, one item a line)\n");
        yaml.append(
                "# or on the command line (--listen), which wins over the environment, which wins over this file.\n");
        for (Setting<?> setting : settings.all()) {
            List<String> texts = exampleOf(setting);
            yaml.append("\n# ").append(setting.help());
            yaml.append("\n# Default: ").append(setting.shownDefault()).append(".\n");
            yaml.append('#').append(entry(setting, texts)).append('\n');
        }
        return yaml.toString();
    }

    private static List<String> exampleOf(Setting<?> setting) {
        if (!setting.defaults().isEmpty()) {
            return setting.defaults();
        }
        return setting.example().isEmpty() ? List.of(setting.label()) : setting.example();
    }

    /** A line that gives {@code setting} the values {@code texts}, secrets as they are. */
    public static String entry(Setting<?> setting, List<String> texts) {
        return setting.name() + ": " + value(setting, texts);
    }

    /** A Markdown table of {@code settings}, for the documentation. */
    public static String markdown(List<Setting<?>> settings) {
        return settings.stream()
                .map(ConfigText::row)
                .collect(Collectors.joining(
                        "\n",
                        "| option | key | environment | default | meaning |\n| --- | --- | --- | --- | --- |\n",
                        "\n"));
    }

    private static String row(Setting<?> setting) {
        String value = setting.isFlag() ? "" : " " + setting.label();
        String off = setting.offSwitch().isEmpty() ? "" : ", `--" + setting.offSwitch() + "`";
        String repeat = setting.repeatable() ? " (repeat)" : "";
        List<String> cells = List.of(
                "`" + setting.option() + value.replace("|", "\\|") + "`" + off + repeat,
                "`" + setting.name() + "`",
                "`" + setting.variable() + "`",
                escaped(setting.shownDefault()),
                escaped(setting.help()));
        return "| " + String.join(" | ", cells) + " |";
    }

    /** Without what Markdown would take for emphasis. */
    private static String escaped(String text) {
        return text.replace("*", "\\*");
    }

    private static String value(Setting<?> setting, List<String> texts) {
        boolean isText = !setting.isFlag() && setting.parser().shape() instanceof Shape.Text;
        String joined = texts.stream()
                .map(text -> isText && OTHER_TYPES.matcher(text).matches() ? '"' + text + '"' : scalar(text))
                .collect(Collectors.joining(", "));
        return setting.repeatable() ? "[" + joined + "]" : joined;
    }

    /** Plain where YAML cannot mistake it, else in double quotes. */
    private static String scalar(String text) {
        boolean plain = text.matches("[A-Za-z0-9/][A-Za-z0-9/._-]*") && !text.equalsIgnoreCase("null");
        return plain ? text : '"' + quoted(text) + '"';
    }

    /** YAML ends lines at characters that JSON takes as they are, and takes no other control characters. */
    private static String quoted(String text) {
        return YAML_BREAKS
                .matcher(new String(JsonStringEncoder.getInstance().quoteAsString(text)))
                .replaceAll(
                        match -> String.format("\\\\u%04x", (int) match.group().charAt(0)));
    }
}
