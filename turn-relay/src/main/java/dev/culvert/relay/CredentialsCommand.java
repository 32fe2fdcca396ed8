package dev.culvert.relay;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culvert.relay.auth.IssuedCredential;
import dev.culvert.relay.auth.SharedSecret;
import dev.culvert.relay.config.TurnBinding;
import dev.culvert.relay.config.TurnSettings;
import dev.culvert.relay.config.TurnUris;
import dev.culvert.server.ProgramCommand;
import dev.culvert.server.config.InvalidValueException;
import dev.culvert.server.config.Parsers;
import dev.culvert.server.config.Problem;
import dev.culvert.server.config.ServerSettings;
import dev.culvert.server.config.Setting;
import dev.culvert.server.config.Values;
import dev.culvert.stun.integrity.OpaqueString;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code turn-relay credentials}: a time-limited username and its password, for a test or a script. */
final class CredentialsCommand implements ProgramCommand {
    private static final String USER = "--user";
    private static final String TTL = "--ttl";
    private static final String JSON = "--json";
    private static final String URI = "--uri";
    private static final Setting.Parser<Duration> LIFETIME = Parsers.duration(Duration.ofSeconds(1));

    private final InstantSource clock;

    CredentialsCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public String name() {
        return "credentials";
    }

    @Override
    public String description() {
        return "Make a time-limited username and password.";
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(
                TurnSettings.SHARED_SECRET,
                TurnSettings.SHARED_SECRET_FILE,
                ServerSettings.LISTEN,
                TurnSettings.EXTERNAL_ADDRESS);
    }

    @Override
    public void define(CommandSpec spec) {
        spec.addOption(option(USER, "ID", "", "Whose they are; quotas count this. Default: none."));
        spec.addOption(option(TTL, "TIME", "1h", "How long they are good. Default: 1h."));
        spec.addOption(OptionSpec.builder(JSON)
                .description("Print the configuration of a WebRTC client: an object with iceServers.")
                .build());
        spec.addOption(OptionSpec.builder(URI)
                .paramLabel("URI")
                .arity("1")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .description("A turn: or turns: URI for the JSON. Repeatable. Default: the listeners that name an"
                        + " address.")
                .build());
        spec.usageMessage()
                .footer("", "Of several secrets the first is used; every server that has it takes what it made.");
    }

    private static OptionSpec option(String name, String label, String byDefault, String help) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .arity("1")
                .type(String.class)
                .initialValue(byDefault)
                .description(help)
                .build();
    }

    @Override
    public Action bind(ParseResult parsed, Values values) {
        String userId = userId(parsed, values);
        Duration lifetime = lifetime(parsed, values);
        List<SharedSecret> secrets = secrets(values);
        boolean isJson = parsed.hasMatchedOption(JSON);
        List<String> urls = urls(parsed, values, isJson);
        return out -> {
            long expiresAt = clock.instant().plus(lifetime).getEpochSecond();
            print(secrets.get(0).issue(userId, expiresAt), isJson, urls, out);
            return 0;
        };
    }

    private static String userId(ParseResult parsed, Values values) {
        String text = parsed.matchedOptionValue(USER, "");
        if (!text.isEmpty() && OpaqueString.enforce(text).isEmpty()) {
            values.note(
                    new Problem(USER, text, "has a character that no username has", "leave control characters out"));
        }
        return OpaqueString.enforce(text).orElse("");
    }

    private static Duration lifetime(ParseResult parsed, Values values) {
        String text = parsed.matchedOptionValue(TTL, "1h");
        try {
            return LIFETIME.parse(text);
        } catch (InvalidValueException e) {
            values.note(new Problem(TTL, text, e.wrong(), e.right()));
            return Duration.ZERO;
        }
    }

    private static List<SharedSecret> secrets(Values values) {
        boolean hasText = !values.texts(TurnSettings.SHARED_SECRET).isEmpty();
        boolean hasFile = !values.texts(TurnSettings.SHARED_SECRET_FILE).isEmpty();
        if (hasText == hasFile) {
            values.note(new Problem(
                    TurnSettings.SHARED_SECRET_FILE.option(),
                    "",
                    hasText ? "a secret is given by --shared-secret too" : "is missing",
                    hasText ? "give one of them" : "name the file of a secret that the server has"));
        }
        return TurnBinding.sharedSecrets(values);
    }

    private static List<String> urls(ParseResult parsed, Values values, boolean isJson) {
        List<String> given = parsed.matchedOptionValue(URI, List.of());
        if (!isJson) {
            if (!given.isEmpty()) {
                values.note(new Problem(URI, given.get(0), "means nothing without " + JSON, "add " + JSON));
            }
            return List.of();
        }
        given.forEach(uri ->
                TurnUris.fault(uri).ifPresent(wrong -> values.note(new Problem(URI, uri, wrong, TurnUris.EXAMPLE))));
        List<String> urls = given.isEmpty() ? TurnUris.ofListeners(values) : given;
        if (urls.isEmpty()) {
            values.note(new Problem(
                    JSON, "", "no listener names an address", "give --uri, for example --uri turn:turn.example.org"));
        }
        return urls;
    }

    private static void print(IssuedCredential credential, boolean isJson, List<String> urls, PrintWriter out) {
        if (!isJson) {
            out.println("username: " + credential.username());
            out.println("password: " + credential.password());
            return;
        }
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ObjectNode server = root.putArray("iceServers").addObject();
        urls.forEach(server.putArray("urls")::add);
        server.put("username", credential.username());
        server.put("credential", credential.password());
        out.println(root);
    }
}
