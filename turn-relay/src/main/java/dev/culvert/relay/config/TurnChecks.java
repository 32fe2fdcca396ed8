package dev.culvert.relay.config;

import static dev.culvert.relay.config.TurnSettings.ALTERNATE_SERVER;
import static dev.culvert.relay.config.TurnSettings.DEFAULT_LIFETIME;
import static dev.culvert.relay.config.TurnSettings.END_WITH_CREDENTIAL;
import static dev.culvert.relay.config.TurnSettings.EXTERNAL_ADDRESS;
import static dev.culvert.relay.config.TurnSettings.INSECURE_NO_AUTH;
import static dev.culvert.relay.config.TurnSettings.MAX_LIFETIME;
import static dev.culvert.relay.config.TurnSettings.NONCE_KEY_FILE;
import static dev.culvert.relay.config.TurnSettings.REALM;
import static dev.culvert.relay.config.TurnSettings.RELAY_ADDRESS;
import static dev.culvert.relay.config.TurnSettings.RELAY_PORTS;
import static dev.culvert.relay.config.TurnSettings.SHARED_SECRET;
import static dev.culvert.relay.config.TurnSettings.SHARED_SECRET_FILE;
import static dev.culvert.relay.config.TurnSettings.STUN;
import static dev.culvert.relay.config.TurnSettings.USER;
import static dev.culvert.relay.config.TurnSettings.USERS_FILE;

import dev.culvert.relay.config.RelayConfig.ExternalAddress;
import dev.culvert.relay.policy.Ports;
import dev.culvert.server.config.Given;
import dev.culvert.server.config.Problem;
import dev.culvert.server.config.Problems;
import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerConfig.Listener;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.config.ServerSettings;
import dev.culvert.server.config.Setting;
import dev.culvert.server.config.Values;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What must hold between a relay's settings, and what its files must hold. */
final class TurnChecks {
    private static final List<Setting<?>> WHO_MAY = List.of(USER, USERS_FILE, SHARED_SECRET, SHARED_SECRET_FILE);

    private final Values values;
    private final ServerConfig server;
    private final boolean hasStore;

    private TurnChecks(Values values, ServerConfig server, boolean hasStore) {
        this.values = values;
        this.server = server;
        this.hasStore = hasStore;
    }

    /**
     * @param ofFiles what is wrong with the files that tell who may relay
     * @param hasStore whether there are users whom no setting tells of
     */
    static void run(Values values, ServerConfig server, Problems ofFiles, boolean hasStore) {
        TurnChecks checks = new TurnChecks(values, server, hasStore);
        checks.access();
        ofFiles.list().forEach(values::note);
        checks.onePerFamily(RELAY_ADDRESS, IpAddress::family);
        checks.onePerFamily(
                ALTERNATE_SERVER, alternate -> alternate.address().ip().family());
        checks.externals();
        checks.ports();
        checks.lifetimes();
        MintingChecks.run(values);
    }

    private void access() {
        if (values.one(INSECURE_NO_AUTH)) {
            List<Setting<?>> useless = new ArrayList<>(WHO_MAY);
            useless.addAll(List.of(NONCE_KEY_FILE, END_WITH_CREDENTIAL));
            useless.stream().filter(this::isGiven).forEach(this::refuseBesideNoAuth);
            return;
        }
        if (values.texts(REALM).isEmpty()) {
            values.refuse(REALM, 0, "is missing", "give one, for example --realm example.org");
        }
        if (!hasStore && WHO_MAY.stream().noneMatch(this::isGiven)) {
            values.note(new Problem(
                    "authentication",
                    "",
                    "nobody is known",
                    "give --user, --users-file, --shared-secret or --shared-secret-file,"
                            + " or --insecure-no-auth on a test bench"));
        }
    }

    /** Whether somebody gave it, and not to say that it is none. */
    private boolean isGiven(Setting<?> setting) {
        return values.isGiven(setting)
                && values.texts(setting).stream()
                        .anyMatch(given -> !setting.isFlag() || given.text().equals("true"));
    }

    private void refuseBesideNoAuth(Setting<?> setting) {
        Given first = values.texts(setting).get(0);
        values.note(new Problem(
                first.where(), "", "means nothing beside " + INSECURE_NO_AUTH.option(), "give one of them"));
    }

    private <T> void onePerFamily(Setting<T> setting, Function<T, AddressFamily> family) {
        Set<AddressFamily> seen = EnumSet.noneOf(AddressFamily.class);
        List<T> all = values.all(setting);
        for (int i = 0; i < all.size(); i++) {
            if (!seen.add(family.apply(all.get(i)))) {
                values.refuse(setting, i, "a second address of this family", "give one per family");
            }
        }
    }

    private void externals() {
        List<Optional<ExternalAddress>> all = values.all(EXTERNAL_ADDRESS);
        asked(all.indexOf(Optional.<ExternalAddress>empty()));
        List<IpAddress> relays = values.all(RELAY_ADDRESS);
        Set<IpAddress> told = new HashSet<>();
        Set<Object> replaced = new HashSet<>();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).isEmpty()) {
                continue;
            }
            ExternalAddress external = all.get(i).get();
            Optional<IpAddress> local = external.local();
            if (!told.add(external.told())) {
                values.refuse(EXTERNAL_ADDRESS, i, "told in place of two addresses", "give each PUBLIC address once");
            }
            if (!replaced.add(local.<Object>map(ip -> ip).orElse(external.told().family()))) {
                values.refuse(
                        EXTERNAL_ADDRESS,
                        i,
                        local.isPresent() ? "a second one for this PRIVATE address" : "a second one for this family",
                        local.isPresent() ? "give each PRIVATE address once" : "write PUBLIC/PRIVATE");
            }
            if (local.isPresent() && isNoRelay(local.get(), relays)) {
                values.refuse(
                        EXTERNAL_ADDRESS,
                        i,
                        "nothing is relayed on " + local.get(),
                        "write the address of --relay-address behind the slash");
            }
        }
    }

    /** Whether there is somebody to ask, and something to ask for. */
    private void asked(int auto) {
        boolean hasServer = !values.texts(STUN).isEmpty();
        if (auto >= 0 && !hasServer) {
            values.refuse(
                    EXTERNAL_ADDRESS, auto, "has nobody to ask", "give --stun, for example stun:stun.example.org");
        }
        if (auto < 0 && hasServer) {
            values.refuse(STUN, 0, "means nothing without --external-address auto", "give both or none");
        }
    }

    /** Whether relay ports are opened on another address of its family. */
    private static boolean isNoRelay(IpAddress local, List<IpAddress> relays) {
        return !relays.contains(local) && relays.stream().anyMatch(relay -> relay.family() == local.family());
    }

    private void ports() {
        if (!values.areSound(RELAY_PORTS, RELAY_ADDRESS, ServerSettings.LISTEN, ServerSettings.ALTERNATE_PORT)) {
            return;
        }
        Ports.Range ports = values.one(RELAY_PORTS);
        List<Listener> listeners = server.listeners();
        for (int i = 0; i < listeners.size(); i++) {
            Listener listener = listeners.get(i);
            if (listener.transport() == Transport.UDP && contains(ports, listener.port()) && mayRelayOn(listener)) {
                refusePorts("the listener "
                        + values.texts(ServerSettings.LISTEN).get(i).text());
            }
        }
        if (!server.alternateAddresses().isEmpty() && contains(ports, server.alternatePort())) {
            refusePorts(ServerSettings.ALTERNATE_PORT.option() + " " + server.alternatePort());
        }
    }

    private static boolean contains(Ports.Range ports, int port) {
        return port >= ports.first() && port <= ports.last();
    }

    /** Whether relay ports are opened on an address of the listener. */
    private boolean mayRelayOn(Listener listener) {
        return listener.address().isEmpty() || !isNoRelay(listener.address().get(), values.all(RELAY_ADDRESS));
    }

    private void refusePorts(String holder) {
        values.refuse(RELAY_PORTS, 0, "holds the port of " + holder, "give a range or a listener without it");
    }

    private void lifetimes() {
        if (values.areSound(MAX_LIFETIME, DEFAULT_LIFETIME)
                && values.one(DEFAULT_LIFETIME).compareTo(values.one(MAX_LIFETIME)) > 0) {
            Setting<?> given = values.isGiven(DEFAULT_LIFETIME) ? DEFAULT_LIFETIME : MAX_LIFETIME;
            values.refuse(
                    given,
                    0,
                    "the default lifetime would be longer than the longest",
                    "give --default-lifetime and --max-lifetime, the second no shorter than the first");
        }
    }
}
