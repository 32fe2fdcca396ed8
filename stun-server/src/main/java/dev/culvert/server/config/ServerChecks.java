package dev.culvert.server.config;

import static dev.culvert.server.config.ServerSettings.ALTERNATE_ADDRESS;
import static dev.culvert.server.config.ServerSettings.ALTERNATE_PORT;
import static dev.culvert.server.config.ServerSettings.LISTEN;
import static dev.culvert.server.config.ServerSettings.TLS_CERTIFICATE;
import static dev.culvert.server.config.ServerSettings.TLS_KEY;

import dev.culvert.server.config.ServerConfig.Listener;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import java.security.cert.Certificate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What must hold between settings. */
final class ServerChecks {
    private final Values values;
    private final FileChecks files;

    private ServerChecks(Values values) {
        this.values = values;
        this.files = new FileChecks(values);
    }

    static void run(Values values) {
        ServerChecks checks = new ServerChecks(values);
        checks.listeners();
        checks.alternates();
        checks.tls();
        AdminChecks.run(values);
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
            files.key(TLS_KEY, i, keys.get(i));
        }
        for (int i = 0; i < certificates.size(); i++) {
            Optional<Certificate> certificate = files.certificate(TLS_CERTIFICATE, i, certificates.get(i));
            if (certificate.isPresent() && i < keys.size()) {
                files.pair(TLS_KEY, i, certificate.get(), certificates.get(i), keys.get(i));
            }
        }
    }
}
