package dev.culvert.relay.junit;

import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.relay.TurnConfig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/**
 * What the server of a test is told. Without more: UDP and TCP on free ports of 127.0.0.1, one event loop, peers on the
 * loopback interface allowed, answers not limited in number. Mutable, for one thread.
 */
public final class TurnServerSettings {
    private final List<LongTermCredential> users = new ArrayList<>();
    private final List<String> listeners = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private String realm = TurnServerExtension.DEFAULT_REALM;

    public TurnServerSettings() {}

    static TurnServerSettings of(WithTurnServer annotation) {
        TurnServerSettings settings =
                new TurnServerSettings().realm(annotation.realm()).listen(annotation.listen());
        for (String user : annotation.users()) {
            String[] parts = user.split(":", 2);
            if (parts.length != 2) {
                throw new ExtensionConfigurationException(
                        "a user of @WithTurnServer is NAME:PASSWORD, for example alice:wonderland, not " + user);
            }
            settings.user(parts[0], parts[1]);
        }
        settings.options.addAll(List.of(annotation.options()));
        return settings;
    }

    /** A user who may relay; without any, {@code alice} with the password {@code wonderland}. */
    public TurnServerSettings user(String name, String password) {
        users.add(new LongTermCredential(name, password));
        return this;
    }

    /** The realm of the credentials; without it, {@code test.example}. */
    public TurnServerSettings realm(String name) {
        realm = name;
        return this;
    }

    /** Where it listens, each as {@code udp:ADDR:0}, {@code tcp:ADDR:0} or {@code tls:ADDR:0}. */
    public TurnServerSettings listen(String... where) {
        listeners.addAll(List.of(where));
        return this;
    }

    /** Any other option of {@code turn-relay}; a flag has no values. */
    public TurnServerSettings option(String name, String... values) {
        if (values.length == 0) {
            options.add(name);
        }
        for (String value : values) {
            options.add(name + "=" + value);
        }
        return this;
    }

    /**
     * Starts a server that is told this; whoever calls it closes it. {@link TurnServerExtension} does both.
     *
     * @throws IllegalArgumentException with everything that is wrong
     * @throws IllegalStateException where it cannot be started
     */
    public TurnTestServer start() {
        List<LongTermCredential> known = users.isEmpty() && !options.contains("insecure-no-auth")
                ? List.of(new LongTermCredential("alice", "wonderland"))
                : List.copyOf(users);
        TurnConfig.Builder config = TurnConfig.builder()
                .realm(realm)
                .listen(
                        listeners.isEmpty()
                                ? new String[] {"udp:127.0.0.1:0", "tcp:127.0.0.1:0"}
                                : listeners.toArray(new String[0]))
                .threads(1)
                .allowPeer("127.0.0.0/8", "::1")
                .option("unauthenticated-rate", "off")
                .option("log-addresses", "full");
        known.forEach(user -> config.user(user.username(), user.password()));
        for (String option : options) {
            int equals = option.indexOf('=');
            if (equals < 0) {
                config.option(option);
            } else {
                config.option(option.substring(0, equals), option.substring(equals + 1));
            }
        }
        return TurnTestServer.start(config.build(), known);
    }
}
