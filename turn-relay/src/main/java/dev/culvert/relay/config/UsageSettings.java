package dev.culvert.relay.config;

import dev.culvert.relay.usage.UsageConfig;
import dev.culvert.relay.usage.UsageConfig.EventFile;
import dev.culvert.relay.usage.UsageConfig.Webhook;
import dev.culvert.relay.usage.WebhookSecrets;
import dev.culvert.server.config.FileLayer;
import dev.culvert.server.config.Given;
import dev.culvert.server.config.InvalidValueException;
import dev.culvert.server.config.Parsers;
import dev.culvert.server.config.Problem;
import dev.culvert.server.config.Setting;
import dev.culvert.server.config.Values;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** The settings of usage events. */
public final class UsageSettings {
    public static final Setting<String> USAGE_FILE = Setting.optional(
                    "usage-file",
                    "FILE",
                    Parsers::file,
                    "File to which a line of JSON is appended when an allocation starts, while it lasts and when it ends.")
            .withExample("/var/log/culvert/usage.jsonl");
    public static final Setting<OptionalLong> USAGE_FILE_SIZE = Setting.one(
            "usage-file-size",
            "SIZE|off",
            "100MiB",
            Setting.Parser.of(ByteSizeText.SHAPE_OR_OFF, ByteSizeText::parseOrOff),
            "Length at which that file gets the time as part of its name and a new one is begun; none is deleted.");
    public static final Setting<Duration> USAGE_INTERVAL = Setting.one(
            "usage-interval",
            "TIME",
            "60s",
            Parsers.duration(Duration.ofSeconds(1)),
            "How often the usage of an allocation is told while it lasts.");
    public static final Setting<URI> WEBHOOK = Setting.optional(
                    "webhook",
                    "URL",
                    UsageSettings::webhook,
                    "Endpoint to which the same events are posted, signed as Standard Webhooks are (HMAC-SHA256).")
            .withExample("https://billing.example.org/turn")
            .hidden();
    public static final Setting<String> WEBHOOK_SECRET_FILE = Setting.optional(
                    "webhook-secret-file",
                    "FILE",
                    Parsers::file,
                    "File with the secret of that signature, or with two while one replaces the other; read for each delivery.")
            .withExample("/etc/culvert/webhook-secret");
    public static final Setting<String> WEBHOOK_QUEUE_DIR = Setting.optional(
                    "webhook-queue-dir",
                    "DIR",
                    Parsers::file,
                    "Folder of this server alone that keeps events until the endpoint has taken them, over a restart too.")
            .withExample("/var/lib/culvert/webhook");
    public static final Setting<OptionalLong> WEBHOOK_QUEUE_SIZE = Setting.one(
            "webhook-queue-size",
            "SIZE",
            "256MiB",
            Setting.Parser.of(ByteSizeText.SHAPE, ByteSizeText::parse),
            "How much that folder keeps; what finds no room is counted, and the next event tells how many are missing.");

    /** In the order of the help. */
    static final List<Setting<?>> ALL = List.of(
            USAGE_FILE,
            USAGE_FILE_SIZE,
            USAGE_INTERVAL,
            WEBHOOK,
            WEBHOOK_SECRET_FILE,
            WEBHOOK_QUEUE_DIR,
            WEBHOOK_QUEUE_SIZE);

    private UsageSettings() {}

    private static URI webhook(String text) throws InvalidValueException {
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            boolean isHttp = scheme.equals("http") || scheme.equals("https");
            if (isHttp && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawFragment() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Said below: its message would show what is hidden.
        }
        throw new InvalidValueException(
                "not the address of an endpoint", "write for example https://billing.example.org/turn");
    }

    static UsageConfig bind(Values values) {
        check(values);
        Optional<EventFile> file = values.find(USAGE_FILE)
                .map(path ->
                        new EventFile(Path.of(path), values.one(USAGE_FILE_SIZE).orElse(Long.MAX_VALUE)));
        return new UsageConfig(file, webhook(values), values.one(USAGE_INTERVAL));
    }

    private static Optional<Webhook> webhook(Values values) {
        Optional<URI> uri = values.find(WEBHOOK);
        Optional<String> secrets = values.find(WEBHOOK_SECRET_FILE);
        Optional<String> folder = values.find(WEBHOOK_QUEUE_DIR);
        if (uri.isEmpty() || secrets.isEmpty() || folder.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Webhook(
                uri.get(),
                Path.of(secrets.get()),
                Path.of(folder.get()),
                values.one(WEBHOOK_QUEUE_SIZE).orElseThrow()));
    }

    private static void check(Values values) {
        boolean isPosted = !values.texts(WEBHOOK).isEmpty();
        if (isPosted && values.texts(WEBHOOK_SECRET_FILE).isEmpty()) {
            values.refuse(
                    WEBHOOK,
                    0,
                    "has no secret to sign with",
                    "give --webhook-secret-file, a file with 32 random bytes as text");
        }
        if (isPosted && values.texts(WEBHOOK_QUEUE_DIR).isEmpty()) {
            values.refuse(
                    WEBHOOK,
                    0,
                    "has no folder for what waits",
                    "give --webhook-queue-dir, for example /var/lib/culvert/webhook");
        }
        for (Setting<?> part : List.of(WEBHOOK_SECRET_FILE, WEBHOOK_QUEUE_DIR)) {
            if (!isPosted && !values.texts(part).isEmpty()) {
                values.refuse(part, 0, "means nothing without --webhook", "give both or none");
            }
        }
        if (values.areSound(WEBHOOK_SECRET_FILE)) {
            values.texts(WEBHOOK_SECRET_FILE).forEach(file -> checkSecrets(file, values));
        }
    }

    private static void checkSecrets(Given file, Values values) {
        try {
            WebhookSecrets.parse(Files.readString(Path.of(file.text())));
        } catch (IOException e) {
            values.note(new Problem(file.where(), file.text(), FileLayer.unreadable(e), "name a readable file"));
        } catch (IllegalArgumentException e) {
            values.note(new Problem(file.where(), file.text(), String.valueOf(e.getMessage()), ""));
        }
    }
}
