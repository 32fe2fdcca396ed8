package dev.culvert.server.config;

import static dev.culvert.server.config.ServerSettings.ADMIN;
import static dev.culvert.server.config.ServerSettings.ADMIN_CLIENT_CA;
import static dev.culvert.server.config.ServerSettings.ADMIN_TLS_CERTIFICATE;
import static dev.culvert.server.config.ServerSettings.ADMIN_TLS_KEY;
import static dev.culvert.server.config.ServerSettings.ADMIN_TOKEN_FILE;
import static dev.culvert.server.config.ServerSettings.TLS_CERTIFICATE;

import java.security.cert.Certificate;
import java.util.Optional;

/** What must hold for the admin server. */
final class AdminChecks {
    private final Values values;
    private final FileChecks files;

    private AdminChecks(Values values) {
        this.values = values;
        this.files = new FileChecks(values);
    }

    static void run(Values values) {
        AdminChecks checks = new AdminChecks(values);
        checks.access();
        checks.tls();
    }

    private void access() {
        values.find(ADMIN_TOKEN_FILE).ifPresent(file -> files.text(ADMIN_TOKEN_FILE, 0, file, "", "is empty"));
        boolean isOpen = values.find(ADMIN_TOKEN_FILE).isEmpty()
                && values.find(ADMIN_CLIENT_CA).isEmpty();
        values.one(ADMIN).ifPresent(address -> {
            if (isOpen && !address.ip().toInetAddress().isLoopbackAddress()) {
                values.refuse(
                        ADMIN,
                        0,
                        "reachable from other hosts without a token",
                        "give --admin-token-file or --admin-client-ca, or 127.0.0.1");
            }
        });
    }

    private void tls() {
        Optional<String> certificate = values.find(ADMIN_TLS_CERTIFICATE);
        Optional<String> key = values.find(ADMIN_TLS_KEY);
        if (certificate.isPresent() != key.isPresent()) {
            Setting<String> alone = certificate.isPresent() ? ADMIN_TLS_CERTIFICATE : ADMIN_TLS_KEY;
            values.refuse(
                    alone,
                    0,
                    certificate.isPresent() ? "has no key" : "has no certificate",
                    "give both --admin-tls-certificate and --admin-tls-key");
        }
        key.ifPresent(file -> files.key(ADMIN_TLS_KEY, 0, file));
        if (certificate.isPresent()) {
            Optional<Certificate> read = files.certificate(ADMIN_TLS_CERTIFICATE, 0, certificate.get());
            if (read.isPresent() && key.isPresent()) {
                files.pair(ADMIN_TLS_KEY, 0, read.get(), certificate.get(), key.get());
            }
        }
        Optional<String> clientCa = values.find(ADMIN_CLIENT_CA);
        clientCa.ifPresent(file -> files.certificate(ADMIN_CLIENT_CA, 0, file));
        if (clientCa.isPresent()
                && certificate.isEmpty()
                && values.all(TLS_CERTIFICATE).isEmpty()) {
            values.refuse(
                    ADMIN_CLIENT_CA,
                    0,
                    "TLS needs a certificate of the server too",
                    "give --admin-tls-certificate and --admin-tls-key, or --tls-certificate and --tls-key");
        }
    }
}
