package dev.culvert.relay.config;

import static dev.culvert.relay.config.TurnSettings.CREDENTIALS_LISTEN;
import static dev.culvert.relay.config.TurnSettings.CREDENTIALS_ORIGIN;
import static dev.culvert.relay.config.TurnSettings.CREDENTIALS_TOKEN_FILE;
import static dev.culvert.relay.config.TurnSettings.SHARED_SECRET;
import static dev.culvert.relay.config.TurnSettings.SHARED_SECRET_FILE;

import dev.culvert.relay.config.RelayConfig.MintingListener;
import dev.culvert.server.config.FileLayer;
import dev.culvert.server.config.ServerSettings;
import dev.culvert.server.config.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What must hold for the endpoint of time-limited credentials. */
final class MintingChecks {
    private final Values values;

    private MintingChecks(Values values) {
        this.values = values;
    }

    static void run(Values values) {
        MintingChecks checks = new MintingChecks(values);
        Optional<MintingListener> listener = values.find(CREDENTIALS_LISTEN);
        if (listener.isEmpty()) {
            checks.useless();
            return;
        }
        checks.listener(listener.get());
        values.find(CREDENTIALS_TOKEN_FILE).ifPresent(checks::tokenFile);
    }

    private void useless() {
        if (!values.areSound(CREDENTIALS_LISTEN)) {
            return;
        }
        if (values.isGiven(CREDENTIALS_TOKEN_FILE)) {
            values.refuse(CREDENTIALS_TOKEN_FILE, 0, "means nothing without --credentials-listen", "give both or none");
        }
        if (!values.all(CREDENTIALS_ORIGIN).isEmpty()) {
            values.refuse(CREDENTIALS_ORIGIN, 0, "means nothing without --credentials-listen", "give both or none");
        }
    }

    private void listener(MintingListener listener) {
        if (values.texts(SHARED_SECRET).isEmpty()
                && values.texts(SHARED_SECRET_FILE).isEmpty()) {
            values.refuse(
                    CREDENTIALS_LISTEN, 0, "there is no secret to make credentials from", "give --shared-secret-file");
        }
        boolean isLoopback = listener.address().ip().toInetAddress().isLoopbackAddress();
        if (!isLoopback && values.find(CREDENTIALS_TOKEN_FILE).isEmpty()) {
            values.refuse(
                    CREDENTIALS_LISTEN,
                    0,
                    "gives credentials to everybody who reaches it",
                    "give --credentials-token-file, or 127.0.0.1");
        }
        if (listener.tls() && values.all(ServerSettings.TLS_CERTIFICATE).isEmpty()) {
            values.refuse(CREDENTIALS_LISTEN, 0, "TLS needs a certificate", "give --tls-certificate and --tls-key");
        }
    }

    private void tokenFile(String file) {
        try {
            if (Files.readString(Path.of(file)).isBlank()) {
                values.refuse(CREDENTIALS_TOKEN_FILE, 0, "is empty", "name another file");
            }
        } catch (IOException e) {
            values.refuse(CREDENTIALS_TOKEN_FILE, 0, FileLayer.unreadable(e), "name a readable file");
        }
    }
}
