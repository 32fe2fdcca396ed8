package dev.culvert.server.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects the settings of a server that runs inside another program. Names, texts and defaults are those of the
 * options ({@code docs/configuration.md}). Mutable, for one thread.
 *
 * @param <B> the builder itself
 */
public abstract class ConfigBuilder<B extends ConfigBuilder<B>> {
    /** What a program around the server does, so that the server has no part in it. */
    private static final Set<Setting<?>> OF_THE_PROGRAM = Set.of(
            ServerSettings.ADMIN,
            ServerSettings.ADMIN_TOKEN_FILE,
            ServerSettings.ADMIN_CLIENT_CA,
            ServerSettings.ADMIN_TLS_CERTIFICATE,
            ServerSettings.ADMIN_TLS_KEY,
            ServerSettings.LOG_LEVEL,
            ServerSettings.LOG_FORMAT);

    private final Settings settings;
    private final Map<String, List<Given>> given = new LinkedHashMap<>();

    protected ConfigBuilder(Settings settings) {
        this.settings = settings;
    }

    protected abstract B self();

    /**
     * Gives a setting that has no method of its own here.
     *
     * @param name of the option, without its dashes
     * @param values as the option takes them; those of a repeatable option are added to what was given before, and a
     *     flag needs none
     * @throws IllegalArgumentException where there is no such option, or none that a program that embeds a server may
     *     give
     */
    public final B option(String name, String... values) {
        Settings.Key key = settings.find(name)
                .orElseThrow(() -> new IllegalArgumentException("no option is called " + name + "; "
                        + Nearest.suggestion(name, settings.names(), "docs/configuration.md lists them")));
        Setting<?> setting = key.setting();
        if (OF_THE_PROGRAM.stream().anyMatch(each -> each.name().equals(setting.name()))) {
            throw new IllegalArgumentException(
                    name + " is for the program of its own; log and admin pages are those of the program around");
        }
        boolean isOn = values.length == 0 && setting.isFlag();
        List<Given> texts = (isOn ? List.of("true") : Arrays.asList(values))
                .stream().map(text -> new Given(text, setting.name())).toList();
        List<Given> all = new ArrayList<>(setting.repeatable() ? given.getOrDefault(name, List.of()) : List.of());
        all.addAll(texts);
        given.put(name, all);
        return self();
    }

    /**
     * Where to listen, each as {@code udp:ADDR:PORT}, {@code tcp:ADDR:PORT} or {@code tls:ADDR:PORT}; a port 0 is one
     * that the system picks. {@code *} is every address. Without it, UDP and TCP port 3478 of every address.
     */
    public final B listen(String... listeners) {
        return option(ServerSettings.LISTEN.name(), listeners);
    }

    /** A certificate chain for TLS and its private key, both PEM files; several for several names. */
    public final B tls(String certificateFile, String keyFile) {
        option(ServerSettings.TLS_CERTIFICATE.name(), certificateFile);
        return option(ServerSettings.TLS_KEY.name(), keyFile);
    }

    /** How many event loops serve at most; without it, as many as there are processors. */
    public final B threads(int threads) {
        return option(ServerSettings.THREADS.name(), Integer.toString(threads));
    }

    /** The value of each setting, with the problems of those that do not parse. */
    protected final Values values() {
        Problems problems = new Problems();
        Layer layer = new Layer();
        given.forEach((name, texts) -> layer.put(settings, name, texts, problems));
        return new Values(settings, List.of(layer), problems);
    }

    /**
     * Looks whether the values can be served.
     *
     * @throws InvalidConfigurationException where {@code values} have problems
     */
    protected static void requireSound(Values values) {
        if (!values.problems().isEmpty()) {
            throw new InvalidConfigurationException(values.problems());
        }
    }
}
