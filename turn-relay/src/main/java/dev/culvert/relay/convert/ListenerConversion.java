package dev.culvert.relay.convert;

import dev.culvert.server.config.InvalidValueException;
import dev.culvert.server.config.Parsers;
import dev.culvert.server.config.ServerSettings;
import dev.culvert.server.config.Setting;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Where clients are listened for, and the certificate that they are shown. */
final class ListenerConversion {
    private static final int HIGHEST_PORT = 0xFFFF;
    private static final String EVERY_ADDRESS = "*";
    private static final String[] OPTIONS = {
        "listening-ip", "listening-port", "tls-listening-port", "aux-server", "no-udp", "no-tcp", "no-tls"
    };

    private final CoturnFile in;
    private final Draft draft;
    private final Set<String> listeners = new LinkedHashSet<>();
    private final Set<Integer> udpPorts = new LinkedHashSet<>();
    private final List<String> changes = new ArrayList<>();

    private ListenerConversion(CoturnFile in, Draft draft) {
        this.in = in;
        this.draft = draft;
    }

    /** Converts; returns the ports of the UDP listeners. */
    static Set<Integer> convert(CoturnFile in, Draft draft) {
        ListenerConversion conversion = new ListenerConversion(in, draft);
        conversion.convert();
        return conversion.udpPorts;
    }

    private void convert() {
        int port = in.number("listening-port", 1, HIGHEST_PORT, 3478);
        int tlsPort = in.number("tls-listening-port", 1, HIGHEST_PORT, 5349);
        boolean hasCertificate =
                !in.lines("cert").isEmpty() && !in.lines("pkey").isEmpty();
        boolean hasTls = hasCertificate && !in.isOn("no-tls");
        for (String host : hosts()) {
            plain(host, port, hasTls && port == tlsPort);
            if (hasTls) {
                listeners.add("tls:" + host + ":" + tlsPort);
            }
        }
        in.lines("aux-server").forEach(this::auxiliary);
        if (listeners.isEmpty()) {
            in.refuse("leaves no listener", "take out no-udp or no-tcp, or give cert and pkey");
        }
        tls(hasTls, port == tlsPort);
        draft.put(ServerSettings.LISTEN, List.copyOf(listeners), in.lines(OPTIONS), changes.toArray(String[]::new));
        certificate(hasTls);
        dtls(hasCertificate);
        alternatePort();
    }

    private List<String> hosts() {
        Set<String> hosts = new LinkedHashSet<>();
        in.lines("listening-ip")
                .forEach(line -> in.parse(line, Parsers::address).ifPresent(ip -> hosts.add(host(ip))));
        if (hosts.contains(EVERY_ADDRESS)) {
            changes.add("every address of both families.");
        }
        return hosts.isEmpty() || hosts.contains(EVERY_ADDRESS) ? List.of(EVERY_ADDRESS) : List.copyOf(hosts);
    }

    private static String host(IpAddress ip) {
        if (ip.toInetAddress().isAnyLocalAddress()) {
            return EVERY_ADDRESS;
        }
        return ip.isIpv4() ? ip.toString() : "[" + ip + "]";
    }

    private void plain(String host, int port, boolean isTlsPort) {
        if (!in.isOn("no-udp")) {
            listeners.add("udp:" + host + ":" + port);
            udpPorts.add(port);
        }
        if (!in.isOn("no-tcp") && !isTlsPort) {
            listeners.add("tcp:" + host + ":" + port);
        }
    }

    private void auxiliary(CoturnLine line) {
        in.parse(line, ListenerConversion::endpoint)
                .ifPresent(address -> plain(host(address.ip()), address.port(), false));
    }

    private static TransportAddress endpoint(String text) throws InvalidValueException {
        return TransportAddress.parse(text)
                .filter(address -> address.port() != 0)
                .orElseThrow(() -> new InvalidValueException(
                        "not IP:PORT", "write for example 192.0.2.5:5555 or [2001:db8::5]:5555"));
    }

    private void tls(boolean hasTls, boolean isSamePort) {
        if (hasTls && isSamePort && !in.isOn("no-tcp")) {
            changes.add("TLS and plain TCP cannot share a port here, so there is no plain TCP.");
        } else if (hasTls) {
            changes.add("each port takes one of TCP and TLS, where coturn takes both on either.");
        }
    }

    private void certificate(boolean hasTls) {
        if (hasTls) {
            file(ServerSettings.TLS_CERTIFICATE, "cert");
            file(ServerSettings.TLS_KEY, "pkey");
            return;
        }
        draft.remark(
                in.lines("cert", "pkey"),
                "there is no TLS listener; it needs both of them, and not to be switched off");
    }

    private void file(Setting<String> setting, String name) {
        CoturnLine line = in.last(name).orElseThrow();
        if (in.parse(line, setting.parser()).isEmpty()) {
            return;
        }
        Path file = Path.of(line.value());
        if (file.isAbsolute()) {
            draft.put(setting, List.of(line.value()), in.lines(name));
            return;
        }
        Path beside = in.path().toAbsolutePath().resolveSibling(file).normalize();
        draft.put(setting, List.of(beside.toString()), in.lines(name), "taken as beside coturn's file.");
    }

    private void dtls(boolean hasCertificate) {
        draft.remark(in.lines("no-dtls"), "there is no DTLS here");
        if (hasCertificate && !in.isOn("no-dtls")) {
            draft.difference("coturn serves DTLS on its ports; here there is none: use tls: or plain udp:.");
        }
    }

    private void alternatePort() {
        if (in.number("alt-listening-port", 0, HIGHEST_PORT, 0) != 0) {
            CoturnLine line = in.last("alt-listening-port").orElseThrow();
            draft.put(
                    ServerSettings.ALTERNATE_PORT,
                    List.of(line.value()),
                    in.lines(line.name()),
                    "of use only with alternate-address, which switches RFC 5780 on.");
        }
        draft.remark(in.lines("alt-listening-port"), "one more than the port, once alternate-address is given");
    }
}
