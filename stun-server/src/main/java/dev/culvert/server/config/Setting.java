package dev.culvert.server.config;

import java.util.List;
import java.util.Locale;

/**
 * One option: the single place from which its command-line option, configuration key, environment variable, help and
 * printed form derive.
 *
 * @param name the configuration key; the option is this with {@code --} before it
 * @param label what stands for a value in the help, empty for a flag
 * @param repeatable whether it is a list
 * @param parser turns one value's text into the value
 * @param defaults the default as an operator would write it; empty for none
 * @param shownDefault the default as the help words it
 * @param help one sentence for the help and the example file
 * @param secret whether the value must not be shown
 * @param offSwitch the name of a flag that means {@code off}, empty for none
 * @param isLive whether a change takes effect while the server runs; else it needs a restart
 * @param isFile whether a value names a file that is read, so that a change of what the file holds is a change too
 * @param example what the example file shows where there is no default; empty for the label
 */
public record Setting<T>(
        String name,
        String label,
        boolean repeatable,
        Parser<T> parser,
        List<String> defaults,
        String shownDefault,
        String help,
        boolean secret,
        String offSwitch,
        boolean isLive,
        boolean isFile,
        List<String> example) {
    /** The text that switches a setting off that has an {@link #offSwitch}. */
    public static final String OFF = "off";

    /** Turns text into a value. */
    @FunctionalInterface
    public interface Parser<T> {
        T parse(String text) throws InvalidValueException;

        /** What the texts look like that it takes. */
        default Shape shape() {
            return Shape.TEXT;
        }

        /** {@code parser} with the shape of the texts that it takes. */
        static <T> Parser<T> of(Shape shape, Parser<T> parser) {
            return new Parser<>() {
                @Override
                public T parse(String text) throws InvalidValueException {
                    return parser.parse(text);
                }

                @Override
                public Shape shape() {
                    return shape;
                }
            };
        }
    }

    public Setting {
        defaults = List.copyOf(defaults);
        example = List.copyOf(example);
    }

    /** A setting that holds one value and has a default. */
    public static <T> Setting<T> one(String name, String label, String byDefault, Parser<T> parser, String help) {
        return new Setting<>(
                name, label, false, parser, List.of(byDefault), byDefault, help, false, "", false, false, List.of());
    }

    /** A setting that holds one value or none. */
    public static <T> Setting<T> optional(String name, String label, Parser<T> parser, String help) {
        return new Setting<>(name, label, false, parser, List.of(), "none", help, false, "", false, false, List.of());
    }

    /** A setting that holds a list. */
    public static <T> Setting<T> many(
            String name, String label, List<String> byDefault, Parser<T> parser, String help) {
        String shown = byDefault.isEmpty() ? "none" : String.join(", ", byDefault);
        return new Setting<>(name, label, true, parser, byDefault, shown, help, false, "", false, false, List.of());
    }

    /** A setting that is on or off, off by default. */
    public static Setting<Boolean> flag(String name, String help) {
        return new Setting<>(
                name, "", false, Parsers::flag, List.of("false"), "off", help, false, "", false, false, List.of());
    }

    /** The same setting with another default. */
    public Setting<T> withDefault(String text) {
        return new Setting<>(
                name, label, repeatable, parser, List.of(text), text, help, secret, offSwitch, isLive, isFile, example);
    }

    /** The same setting with a default that the help words differently, because it depends on the machine. */
    public Setting<T> showingDefault(String words) {
        return new Setting<>(
                name, label, repeatable, parser, defaults, words, help, secret, offSwitch, isLive, isFile, example);
    }

    /** The same setting, its value never shown. */
    public Setting<T> hidden() {
        return new Setting<>(
                name,
                label,
                repeatable,
                parser,
                defaults,
                shownDefault,
                help,
                true,
                offSwitch,
                isLive,
                isFile,
                example);
    }

    /** The same setting with a flag {@code flagName} that means {@code off}. */
    public Setting<T> withOffSwitch(String flagName) {
        return new Setting<>(
                name,
                label,
                repeatable,
                parser,
                defaults,
                shownDefault,
                help,
                secret,
                flagName,
                isLive,
                isFile,
                example);
    }

    /** The same setting, of which a change takes effect while the server runs. */
    public Setting<T> live() {
        return new Setting<>(
                name,
                label,
                repeatable,
                parser,
                defaults,
                shownDefault,
                help,
                secret,
                offSwitch,
                true,
                isFile,
                example);
    }

    /** The same setting, whose values name files that are read. */
    public Setting<T> ofFile() {
        return new Setting<>(
                name,
                label,
                repeatable,
                parser,
                defaults,
                shownDefault,
                help,
                secret,
                offSwitch,
                isLive,
                true,
                example);
    }

    /** The same setting, which has no default, with values that the example file shows. */
    public Setting<T> withExample(String... texts) {
        return new Setting<>(
                name,
                label,
                repeatable,
                parser,
                defaults,
                shownDefault,
                help,
                secret,
                offSwitch,
                isLive,
                isFile,
                List.of(texts));
    }

    /** Whether it is given without a value on the command line. */
    public boolean isFlag() {
        return label.isEmpty();
    }

    /** The option on the command line. */
    public String option() {
        return "--" + name;
    }

    /** The environment variable. */
    public String variable() {
        return variable(name);
    }

    static String variable(String key) {
        return EnvironmentLayer.PREFIX + key.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
