package dev.culvert.relay;

import dev.culvert.relay.auth.CredentialStore;
import dev.culvert.relay.auth.SharedSecret;
import dev.culvert.relay.config.RelayConfig;
import dev.culvert.relay.config.TurnBinding;
import dev.culvert.relay.config.TurnSettings;
import dev.culvert.server.config.ConfigBuilder;
import dev.culvert.server.config.InvalidConfigurationException;
import dev.culvert.server.config.Problem;
import dev.culvert.server.config.Problems;
import dev.culvert.server.config.Setting;
import dev.culvert.server.config.Values;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What a {@link TurnRelay} is told. Immutable; its text shows no secret. */
public final class TurnConfig {
    private final Values values;
    private final RelayConfig relay;
    private final Optional<CredentialStore> store;

    private TurnConfig(Values values, Optional<CredentialStore> store) {
        this.values = values;
        this.relay = TurnBinding.bind(values, store.isPresent());
        this.store = store;
        if (!values.problems().isEmpty()) {
            throw new InvalidConfigurationException(values.problems());
        }
    }

    /** Nothing told yet: the defaults of the options. */
    public static Builder builder() {
        return new Builder();
    }

    /** The settings as the server takes them. */
    public RelayConfig relay() {
        return relay;
    }

    /** Where it asks for users whom the settings do not tell of. */
    public Optional<CredentialStore> store() {
        return store;
    }

    /**
     * This in place of {@code before}, while a server runs.
     *
     * @throws InvalidConfigurationException naming settings that differ and need another start
     */
    TurnConfig over(TurnConfig before) {
        List<Problem> fixed = values.settings().all().stream()
                .filter(setting -> !setting.isLive() && values.differ(setting, before.values))
                .map(Setting::name)
                .map(name -> new Problem(name, "", "cannot change while the server runs", "start another one"))
                .toList();
        if (!fixed.isEmpty()) {
            throw new InvalidConfigurationException(fixed);
        }
        return new TurnConfig(values.liveOver(before.values, new Problems()), before.store);
    }

    @Override
    public String toString() {
        return "TurnConfig[realm=" + relay.access().realm() + ", listeners="
                + relay.server().listeners() + "]";
    }

    /** Collects what is told. A setting that has no method here is given by {@link #option}. */
    public static final class Builder extends ConfigBuilder<Builder> {
        private Optional<Function<String, Future<Optional<String>>>> passwords = Optional.empty();
        private Optional<CredentialStore> store = Optional.empty();

        private Builder() {
            super(TurnSettings.ALL);
        }

        @Override
        protected Builder self() {
            return this;
        }

        /** The realm of the credentials, for example {@code example.org}; needed unless nobody is asked for any. */
        public Builder realm(String realm) {
            return option(TurnSettings.REALM.name(), realm);
        }

        /**
         * A user who may relay.
         *
         * @param name without a colon
         */
        public Builder user(String name, String password) {
            if (name.indexOf(':') >= 0) {
                throw new IllegalArgumentException("a user's name has no colon: " + name);
            }
            return option(TurnSettings.USER.name(), name + ":" + password);
        }

        /** A secret of time-limited credentials ({@link TurnRelay#issue}); several while one replaces another. */
        public Builder sharedSecret(String secret) {
            SharedSecret.of(secret);
            return option(TurnSettings.SHARED_SECRET.name(), secret);
        }

        /**
         * Asks for the passwords of users whom nothing else tells of.
         *
         * @param passwords gives the password of a name, or empty for nobody of that name; must not block; is called on
         *     an event loop; what takes longer than 3 seconds counts as failed (the client gets a 500); answers are
         *     remembered for a minute, at most ten thousand
         */
        public Builder passwords(Function<String, Future<Optional<String>>> passwords) {
            this.passwords = Optional.of(passwords);
            return this;
        }

        /** The same for credentials of which only keys are known; asked before {@link #passwords}. */
        public Builder store(CredentialStore store) {
            this.store = Optional.of(store);
            return this;
        }

        /** Relays for everybody, without credentials: on a test bench, never towards the internet. */
        public Builder insecureNoAuth() {
            return option(TurnSettings.INSECURE_NO_AUTH.name());
        }

        /** Addresses of this host on which relay ports are opened, one per family. */
        public Builder relayAddress(String... addresses) {
            return option(TurnSettings.RELAY_ADDRESS.name(), addresses);
        }

        /** Public addresses that clients are told, each {@code PUBLIC} or {@code PUBLIC/PRIVATE}. */
        public Builder externalAddress(String... addresses) {
            return option(TurnSettings.EXTERNAL_ADDRESS.name(), addresses);
        }

        /** The range of the relay ports. */
        public Builder relayPorts(int lowest, int highest) {
            return option(TurnSettings.RELAY_PORTS.name(), lowest + "-" + highest);
        }

        /** Peers that may be relayed to although they are not globally reachable, as {@code CIDR[:PORTS]}. */
        public Builder allowPeer(String... rules) {
            return option(TurnSettings.ALLOW_PEER.name(), rules);
        }

        /** Peers that may not be relayed to, as {@code CIDR[:PORTS]}. */
        public Builder denyPeer(String... rules) {
            return option(TurnSettings.DENY_PEER.name(), rules);
        }

        /**
         * What was told so far.
         *
         * @throws InvalidConfigurationException with everything that is wrong
         */
        public TurnConfig build() {
            Values values = values();
            String realm = values.find(TurnSettings.REALM).orElse("");
            Optional<CredentialStore> asked = passwords.map(lookup -> new PasswordLookup(realm, lookup));
            Optional<CredentialStore> all = store.isPresent() && asked.isPresent()
                    ? Optional.of(CredentialStore.inOrder(List.of(store.get(), asked.get())))
                    : store.or(() -> asked);
            return new TurnConfig(values, all);
        }
    }
}
