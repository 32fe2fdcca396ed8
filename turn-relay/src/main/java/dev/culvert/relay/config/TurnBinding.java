package dev.culvert.relay.config;

import static dev.culvert.relay.config.TurnSettings.ALTERNATE_SERVER;
import static dev.culvert.relay.config.TurnSettings.CREDENTIALS_LISTEN;
import static dev.culvert.relay.config.TurnSettings.CREDENTIALS_ORIGIN;
import static dev.culvert.relay.config.TurnSettings.CREDENTIALS_TOKEN_FILE;
import static dev.culvert.relay.config.TurnSettings.CREDENTIALS_URI;
import static dev.culvert.relay.config.TurnSettings.DEFAULT_LIFETIME;
import static dev.culvert.relay.config.TurnSettings.END_WITH_CREDENTIAL;
import static dev.culvert.relay.config.TurnSettings.INSECURE_NO_AUTH;
import static dev.culvert.relay.config.TurnSettings.MAX_ALLOCATIONS;
import static dev.culvert.relay.config.TurnSettings.MAX_ALLOCATIONS_PER_USER;
import static dev.culvert.relay.config.TurnSettings.MAX_BITRATE;
import static dev.culvert.relay.config.TurnSettings.MAX_BITRATE_PER_ALLOCATION;
import static dev.culvert.relay.config.TurnSettings.MAX_BITRATE_PER_USER;
import static dev.culvert.relay.config.TurnSettings.MAX_CHANNELS;
import static dev.culvert.relay.config.TurnSettings.MAX_LIFETIME;
import static dev.culvert.relay.config.TurnSettings.MAX_PERMISSIONS;
import static dev.culvert.relay.config.TurnSettings.NONCE_KEY_FILE;
import static dev.culvert.relay.config.TurnSettings.REALM;
import static dev.culvert.relay.config.TurnSettings.RELAY_MODE;
import static dev.culvert.relay.config.TurnSettings.RFC5766_CHANNEL_NUMBERS;
import static dev.culvert.relay.config.TurnSettings.SHARED_SECRET;
import static dev.culvert.relay.config.TurnSettings.SHARED_SECRET_FILE;
import static dev.culvert.relay.config.TurnSettings.USER;
import static dev.culvert.relay.config.TurnSettings.USERS_FILE;

import dev.culvert.relay.auth.SharedSecret;
import dev.culvert.relay.config.RelayConfig.Access;
import dev.culvert.relay.config.RelayConfig.Limits;
import dev.culvert.relay.config.RelayConfig.Minting;
import dev.culvert.relay.core.RelaySettings;
import dev.culvert.server.admin.Version;
import dev.culvert.server.config.Given;
import dev.culvert.server.config.Problems;
import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerSettings;
import dev.culvert.server.config.Setting;
import dev.culvert.server.config.Values;
import dev.culvert.stun.ChannelData;
import java.util.List;

/** How {@link TurnSettings} become a {@link RelayConfig}. */
public final class TurnBinding {
    /** Stands in for the realm where none is needed, or its lack is noted. */
    private static final String NO_REALM = "culvert";

    /** What fits into less than 1 GB where no file descriptor sets the limit. */
    private static final int MAX_SHARING = 100_000;

    private TurnBinding() {}

    /** The configuration that {@code values} make; what is wrong across settings is noted with the values' problems. */
    public static RelayConfig bind(Values values) {
        return bind(values, false);
    }

    /**
     * The same for a server that may have users whom no setting tells of.
     *
     * @param hasStore whether there is another store of credentials
     */
    public static RelayConfig bind(Values values, boolean hasStore) {
        ServerConfig server = ServerSettings.bind(values);
        Problems ofFiles = new Problems();
        Access access = access(values, ofFiles);
        TurnChecks.run(values, server, ofFiles, hasStore);
        return new RelayConfig(
                server,
                access,
                TurnSettings.addresses(values),
                TurnSettings.peerRules(values),
                protocol(values),
                limits(values, server),
                values.all(ALTERNATE_SERVER),
                new Minting(
                        values.all(CREDENTIALS_URI),
                        values.find(CREDENTIALS_LISTEN),
                        values.find(CREDENTIALS_TOKEN_FILE),
                        values.all(CREDENTIALS_ORIGIN)),
                UsageSettings.bind(values));
    }

    /** The shared secrets, those given as they are first; what is wrong is noted with the values' problems. */
    public static List<SharedSecret> sharedSecrets(Values values) {
        Problems problems = new Problems();
        List<SharedSecret> secrets = source(values).sharedSecrets(problems);
        problems.list().forEach(values::note);
        return secrets;
    }

    private static AccessSource source(Values values) {
        return new AccessSource(
                values.find(REALM).orElse(NO_REALM),
                values.texts(USER),
                soundTexts(values, USERS_FILE),
                values.all(SHARED_SECRET),
                soundTexts(values, SHARED_SECRET_FILE),
                soundTexts(values, NONCE_KEY_FILE));
    }

    private static List<Given> soundTexts(Values values, Setting<String> file) {
        return values.areSound(file) ? values.texts(file) : List.of();
    }

    /** Who may relay, as far as what tells it is sound; all else is noted with {@code problems}. */
    private static Access access(Values values, Problems problems) {
        AccessSource source = source(values);
        return new Access(
                source.realm(), source.credentials(problems), source.nonceKeys(problems), values.one(INSECURE_NO_AUTH));
    }

    private static RelaySettings protocol(Values values) {
        long maxSeconds = values.one(MAX_LIFETIME).toSeconds();
        return new RelaySettings(
                // More is refused by the checks, and this must go on to find the other problems.
                Math.min(values.one(DEFAULT_LIFETIME).toSeconds(), maxSeconds),
                maxSeconds,
                values.one(MAX_PERMISSIONS),
                values.one(MAX_CHANNELS),
                values.one(RFC5766_CHANNEL_NUMBERS) ? ChannelData.MAX_NUMBER_RFC5766 : ChannelData.MAX_NUMBER,
                values.one(END_WITH_CREDENTIAL),
                values.one(RELAY_MODE),
                "Culvert turn-relay " + Version.text());
    }

    private static Limits limits(Values values, ServerConfig server) {
        int room = values.one(RELAY_MODE).isShared()
                ? MAX_SHARING
                : FileDescriptors.allocations(server.connections().max());
        return new Limits(
                values.find(MAX_ALLOCATIONS).orElse(room),
                values.one(MAX_ALLOCATIONS_PER_USER),
                values.one(MAX_BITRATE_PER_ALLOCATION),
                values.one(MAX_BITRATE_PER_USER),
                values.one(MAX_BITRATE));
    }
}
