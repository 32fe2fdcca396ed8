package dev.culvert.ice.portmap;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** One mapping at a UPnP gateway. Mutable, owned by one thread. */
final class UpnpMapping {
    private static final int MAX_TRIES = 5;
    private static final int FIRST_UNPRIVILEGED_PORT = 1024;

    private static final int INVALID_ARGUMENTS = 402;
    private static final int ACTION_FAILED = 501;
    private static final int NO_SUCH_ENTRY = 714;
    private static final int CONFLICT = 718;
    private static final int SAME_PORT_VALUES_REQUIRED = 724;
    private static final int ONLY_PERMANENT_LEASES = 725;

    private final LeasedPort lease;
    private final GatewayDescription.Service service;
    private final UpnpControl control;
    private final RandomGenerator random;
    private final MappingClient.Listener listener;
    private int externalPort;
    private boolean isPermanent;
    private boolean isBusy;
    private boolean isUnwanted;
    private boolean mayMove;
    private int tries;

    UpnpMapping(
            LeasedPort lease,
            GatewayDescription.Service service,
            UpnpControl control,
            RandomGenerator random,
            MappingClient.Listener listener) {
        this.lease = lease;
        this.service = service;
        this.control = control;
        this.random = random;
        this.listener = listener;
        this.externalPort = lease.suggestedPort() == 0 ? lease.request().internalPort() : lease.suggestedPort();
    }

    /** Asks for it, or for more time; without effect while an answer is waited for. */
    void add(MappingClient.Occasion occasion) {
        if (isBusy) {
            return;
        }
        isBusy = true;
        tries = 0;
        mayMove = occasion != MappingClient.Occasion.RENEWAL;
        send();
    }

    private void send() {
        tries++;
        boolean picksPort = mayMove && service.picksPorts();
        String action = picksPort ? "AddAnyPortMapping" : "AddPortMapping";
        MappingRequest wanted = lease.request();
        Map<String, String> arguments = entry();
        arguments.put("NewInternalPort", Integer.toString(wanted.internalPort()));
        arguments.put("NewInternalClient", lease.internal().ip().toString());
        arguments.put("NewEnabled", "1");
        arguments.put("NewPortMappingDescription", "culvert");
        long seconds = isPermanent ? 0 : wanted.lifetime().toSeconds();
        arguments.put("NewLeaseDuration", Long.toString(seconds));
        control.call(service, action, arguments, this::onAdded, this::onRefused);
    }

    /** What every call about one mapping begins with; the remote host is any. */
    private Map<String, String> entry() {
        Map<String, String> arguments = new LinkedHashMap<>();
        arguments.put("NewRemoteHost", "");
        arguments.put("NewExternalPort", Integer.toString(externalPort));
        arguments.put("NewProtocol", lease.request().protocol().name());
        return arguments;
    }

    private void onAdded(Map<String, String> values) {
        String reserved = values.getOrDefault("NewReservedPort", "");
        if (reserved.matches("[0-9]{1,5}") && Integer.parseInt(reserved) <= 0xFFFF && Integer.parseInt(reserved) > 0) {
            externalPort = Integer.parseInt(reserved);
        }
        // The address may have changed since it was asked for.
        control.call(service, UpnpClient.EXTERNAL_ADDRESS, Map.of(), this::onAddress, fault -> onAddress(Map.of()));
    }

    private void onAddress(Map<String, String> values) {
        Optional<IpAddress> address = UpnpClient.externalAddress(values);
        if (address.isEmpty()) {
            end(UpnpControl.failure(MappingFailure.Kind.NETWORK_FAILURE, ""));
            return;
        }
        isBusy = false;
        if (isUnwanted) {
            remove();
            return;
        }
        listener.onExternalAddress(MappingProtocol.UPNP_IGD, address.get());
        Duration lifetime = isPermanent ? Duration.ZERO : lease.request().lifetime();
        TransportAddress external = new TransportAddress(address.get(), externalPort);
        listener.onGranted(lease, MappingProtocol.UPNP_IGD, external, lifetime);
    }

    private void onRefused(UpnpControl.Fault fault) {
        boolean isAboutLease = fault.code() == ONLY_PERMANENT_LEASES
                // What some gateways say in its place.
                || fault.code() == INVALID_ARGUMENTS
                || fault.code() == ACTION_FAILED;
        if (isAboutLease && !isPermanent && !isUnwanted) {
            isPermanent = true;
            send();
            return;
        }
        boolean isAboutPort = fault.code() == CONFLICT || fault.code() == SAME_PORT_VALUES_REQUIRED;
        if (isAboutPort && mayMove && tries < MAX_TRIES && !isUnwanted) {
            externalPort = fault.code() == CONFLICT
                    ? random.nextInt(FIRST_UNPRIVILEGED_PORT, 0x10000)
                    : lease.request().internalPort();
            send();
            return;
        }
        end(fault.failure());
    }

    /** It is not there, or may be there though nobody said so. */
    private void end(MappingFailure failure) {
        isBusy = false;
        boolean mayBeThere = failure.kind() == MappingFailure.Kind.SILENT
                || failure.kind() == MappingFailure.Kind.UNUSABLE_ANSWER
                || failure.kind() == MappingFailure.Kind.NETWORK_FAILURE;
        if (lease.state == LeasedPort.State.REMOVING) {
            if (mayBeThere) {
                remove();
            } else {
                listener.onRemoved(lease);
            }
            return;
        }
        if (mayBeThere && mayMove) {
            control.call(service, "DeletePortMapping", entry(), values -> {}, fault -> {});
        }
        listener.onRefused(lease, failure);
    }

    /** Removes it, or what comes of a request that is under way. */
    void remove() {
        if (isBusy) {
            isUnwanted = true;
            return;
        }
        isBusy = true;
        tries = 0;
        sendRemoval();
    }

    private void sendRemoval() {
        tries++;
        control.call(service, "DeletePortMapping", entry(), values -> listener.onRemoved(lease), fault -> {
            if (fault.code() == NO_SUCH_ENTRY) {
                listener.onRemoved(lease);
            } else if (fault.failure().kind() == MappingFailure.Kind.SILENT && tries < 2) {
                sendRemoval();
            } else {
                listener.onNotRemoved(lease, fault.failure());
            }
        });
    }
}
