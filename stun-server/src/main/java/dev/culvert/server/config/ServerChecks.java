package dev.culvert.server.config;

import static dev.culvert.server.config.ServerSettings.ADMIN;
import static dev.culvert.server.config.ServerSettings.ADMIN_TOKEN_FILE;
import static dev.culvert.server.config.ServerSettings.ALTERNATE_ADDRESS;
import static dev.culvert.server.config.ServerSettings.ALTERNATE_PORT;
import static dev.culvert.server.config.ServerSettings.LISTEN;
import static dev.culvert.server.config.ServerSettings.TLS_CERTIFICATE;
import static dev.culvert.server.config.ServerSettings.TLS_KEY;

import dev.culvert.server.config.ServerConfig.Listener;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What must hold between settings, and what files must hold. */
final class ServerChecks {
    private static final String KEY_MARKER = "PRIVATE KEY-----";

    private final Values values;

    private ServerChecks(Values values) {
        this.values = values;
    }

    static void run(Values values) {
        ServerChecks checks = new ServerChecks(values);
        checks.listeners();
        checks.alternates();
        checks.tls();
        checks.admin();
    }

    private void listeners() {
        if (!values.areSound(LISTEN)) {
            return;
        }
        List<Listener> listeners = values.all(LISTEN);
        if (listeners.isEmpty()) {
            values.refuse(LISTEN, 0, "no listener", "give at least one, for example udp:*:3478");
        }
        for (int i = 0; i < listeners.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (overlap(listeners.get(i), listeners.get(j))) {
                    String other = values.texts(LISTEN).get(j).text();
                    values.refuse(LISTEN, i, "the same addresses and port as " + other, "give it another port");
                    break;
                }
            }
        }
    }

    /** A named address may stand beside {@code *} of the same transport, which then covers the others. */
    private static boolean overlap(Listener a, Listener b) {
        boolean sameProtocol = (a.transport() == Transport.UDP) == (b.transport() == Transport.UDP);
        boolean isWildcard = a.address().isEmpty() || b.address().isEmpty();
        boolean sameAddress = a.address().equals(b.address()) || (isWildcard && a.transport() != b.transport());
        return sameProtocol && sameAddress && a.port() == b.port() && a.port() != 0;
    }

    private void alternates() {
        if (!values.areSound(LISTEN, ALTERNATE_ADDRESS, ALTERNATE_PORT)) {
            return;
        }
        Map<AddressFamily, IpAddress> byFamily = new EnumMap<>(AddressFamily.class);
        List<IpAddress> alternates = values.all(ALTERNATE_ADDRESS);
        for (int i = 0; i < alternates.size(); i++) {
            IpAddress alternate = alternates.get(i);
            if (byFamily.putIfAbsent(alternate.family(), alternate) != null) {
                values.refuse(ALTERNATE_ADDRESS, i, "a second address of this family", "give one per family");
                continue;
            }
            alternate(i, alternate);
        }
    }

    private void alternate(int index, IpAddress alternate) {
        String family = alternate.isIpv4() ? "IPv4" : "IPv6";
        List<Listener> primaries = values.all(LISTEN).stream()
                .filter(listener -> listener.transport() == Transport.UDP)
                .filter(listener -> listener.address()
                        .filter(ip -> ip.family() == alternate.family())
                        .isPresent())
                .toList();
        if (primaries.isEmpty()) {
            values.refuse(
                    ALTERNATE_ADDRESS,
                    index,
                    "no UDP listener names an " + family + " address",
                    "add one such as --listen udp:" + (alternate.isIpv4() ? "203.0.113.5" : "[2001:db8::5]") + ":3478");
        }
        for (Listener primary : primaries) {
            if (primary.address().orElseThrow().equals(alternate)) {
                values.refuse(
                        ALTERNATE_ADDRESS, index, "a listener's own address", "give another address of this host");
            }
            if (primary.port() == values.one(ALTERNATE_PORT) && primary.port() != 0) {
                values.refuse(ALTERNATE_PORT, 0, "the listener's own port", "give another port");
            }
        }
    }

    private void tls() {
        List<String> certificates = values.all(TLS_CERTIFICATE);
        List<String> keys = values.all(TLS_KEY);
        if (certificates.size() != keys.size()) {
            boolean keyless = certificates.size() > keys.size();
            values.refuse(
                    keyless ? TLS_CERTIFICATE : TLS_KEY,
                    Math.min(certificates.size(), keys.size()),
                    keyless ? "has no key" : "has no certificate",
                    "give as many --tls-certificate as --tls-key, in the same order");
        }
        List<Listener> listeners = values.all(LISTEN);
        for (int i = 0; i < listeners.size() && values.areSound(LISTEN); i++) {
            if (listeners.get(i).transport() == Transport.TLS && certificates.isEmpty()) {
                values.refuse(LISTEN, i, "TLS needs a certificate", "give --tls-certificate and --tls-key");
            }
        }
        for (int i = 0; i < keys.size(); i++) {
            file(TLS_KEY, i, keys.get(i), KEY_MARKER, "does not hold a PEM private key");
        }
        for (int i = 0; i < certificates.size(); i++) {
            Optional<Certificate> certificate = certificate(i, certificates.get(i));
            if (certificate.isPresent() && i < keys.size()) {
                pair(i, certificate.get(), certificates.get(i), keys.get(i));
            }
        }
    }

    private void pair(int index, Certificate certificate, String certificateFile, String keyFile) {
        try {
            String pem = Files.readString(Path.of(keyFile), StandardCharsets.ISO_8859_1);
            if (pem.contains(KEY_MARKER) && !TlsKey.fits(certificate.getPublicKey(), pem)) {
                values.refuse(
                        TLS_KEY,
                        index,
                        "not the private key of " + certificateFile,
                        "name the unencrypted key of that certificate");
            }
        } catch (IOException e) {
            // The look at the key's file has said so.
        }
    }

    /** The first certificate in {@code file}; a problem is noted where there is none. */
    private Optional<Certificate> certificate(int index, String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            Optional<? extends Certificate> first =
                    CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                            .findFirst();
            if (first.isEmpty()) {
                values.refuse(TLS_CERTIFICATE, index, "does not hold a PEM certificate", "name another file");
            }
            return first.map(Certificate.class::cast);
        } catch (CertificateException e) {
            values.refuse(TLS_CERTIFICATE, index, "does not hold a PEM certificate", "name another file");
        } catch (IOException e) {
            values.refuse(TLS_CERTIFICATE, index, FileLayer.unreadable(e), "name a readable file");
        }
        return Optional.empty();
    }

    private void file(Setting<String> setting, int index, String file, String marker, String otherwise) {
        try {
            String text = new String(Files.readAllBytes(Path.of(file)), StandardCharsets.ISO_8859_1);
            if (!text.contains(marker) || text.isBlank()) {
                values.refuse(setting, index, otherwise, "name another file");
            }
        } catch (IOException e) {
            values.refuse(setting, index, FileLayer.unreadable(e), "name a readable file");
        }
    }

    private void admin() {
        values.find(ADMIN_TOKEN_FILE).ifPresent(file -> file(ADMIN_TOKEN_FILE, 0, file, "", "is empty"));
        values.one(ADMIN).ifPresent(address -> {
            boolean loopback = address.ip().toInetAddress().isLoopbackAddress();
            if (!loopback && values.find(ADMIN_TOKEN_FILE).isEmpty()) {
                values.refuse(
                        ADMIN,
                        0,
                        "reachable from other hosts without a token",
                        "give --admin-token-file, or 127.0.0.1");
            }
        });
    }
}
