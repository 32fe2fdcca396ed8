package dev.culvert.relay.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** How a TURN server is started: on this machine's loopback interface, on free ports and without TLS, unless told. */
final class TurnServerOptions {
    private final List<String> relayAddresses = new ArrayList<>();
    private final List<String> prefix = new ArrayList<>();
    private final List<String> more = new ArrayList<>();
    private final int port = FreePort.pick();
    private final int tlsPort = FreePort.pick();
    private Launcher launcher = Launcher.HERE;
    private List<String> addresses = List.of("127.0.0.1");
    private Optional<TestCertificate> certificate = Optional.empty();
    private OptionalInt adminPort = OptionalInt.empty();
    private boolean authenticates = true;
    private int minRelayPort = 49152;
    private int maxRelayPort = 65535;

    /** Listens on {@code addresses} by UDP and TCP. */
    TurnServerOptions on(String... addresses) {
        this.addresses = List.of(addresses);
        return this;
    }

    TurnServerOptions runBy(Launcher launcher) {
        this.launcher = launcher;
        return this;
    }

    /** Relays on these addresses, at most one per family, in place of the one that a request arrived at. */
    TurnServerOptions relayingOn(String... addresses) {
        relayAddresses.addAll(List.of(addresses));
        return this;
    }

    /** Listens by TLS too. */
    TurnServerOptions tls(TestCertificate certificate) {
        this.certificate = Optional.of(certificate);
        return this;
    }

    /** Has admin pages. */
    TurnServerOptions administered() {
        this.adminPort = OptionalInt.of(FreePort.pick());
        return this;
    }

    /** Relays for everybody. */
    TurnServerOptions openToAll() {
        this.authenticates = false;
        return with("--insecure-no-auth");
    }

    TurnServerOptions relayPorts(int min, int max) {
        minRelayPort = min;
        maxRelayPort = max;
        return this;
    }

    /** Words before its command, such as a shell that sets a limit. */
    TurnServerOptions prefixed(String... words) {
        prefix.addAll(List.of(words));
        return this;
    }

    /** Options that only our own program has. */
    TurnServerOptions with(String... options) {
        more.addAll(List.of(options));
        return this;
    }

    Launcher launcher() {
        return launcher;
    }

    List<String> addresses() {
        return addresses;
    }

    List<String> relayAddresses() {
        return relayAddresses;
    }

    /** For UDP and TCP. */
    int port() {
        return port;
    }

    int tlsPort() {
        return tlsPort;
    }

    Optional<TestCertificate> certificate() {
        return certificate;
    }

    OptionalInt adminPort() {
        return adminPort;
    }

    boolean authenticates() {
        return authenticates;
    }

    int minRelayPort() {
        return minRelayPort;
    }

    int maxRelayPort() {
        return maxRelayPort;
    }

    List<String> prefix() {
        return prefix;
    }

    List<String> more() {
        return more;
    }
}
