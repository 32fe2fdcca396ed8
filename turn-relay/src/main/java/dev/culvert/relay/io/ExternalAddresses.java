package dev.culvert.relay.io;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.vertx.Names;
import dev.culvert.ice.vertx.PacketTap;
import dev.culvert.ice.vertx.SocketOptions;
import dev.culvert.ice.vertx.UdpBinding;
import dev.culvert.relay.config.RelayConfig.Addresses;
import dev.culvert.relay.config.RelayConfig.ExternalAddress;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunUri;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.XorMappedAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a STUN server under which addresses this host is reached, where the configuration wants it. */
final class ExternalAddresses {
    private static final Logger LOG = LoggerFactory.getLogger(ExternalAddresses.class);

    private final Vertx vertx;
    private final Addresses config;
    private final StunUri server;

    private ExternalAddresses(Vertx vertx, Addresses config, StunUri server) {
        this.vertx = vertx;
        this.config = config;
        this.server = server;
    }

    /** {@code config} with what clients are to be told; fails where that was to be learnt and nobody answered. */
    static Future<Addresses> learn(Vertx vertx, Addresses config) {
        return config.asked()
                .map(server -> new ExternalAddresses(vertx, config, server).learn())
                .orElseGet(() -> Future.succeededFuture(config));
    }

    private Future<Addresses> learn() {
        return Names.resolve(vertx, server.host())
                .compose(this::askEach)
                .map(config::withExternal)
                .recover(failure -> Future.failedFuture(new IllegalStateException(
                        "--external-address auto: " + server + " does not tell the public address: "
                                + failure.getMessage() + "; name another --stun, or write the address",
                        failure)));
    }

    /** Asks over each family that nothing is said of; one that answers is enough. */
    private Future<List<ExternalAddress>> askEach(List<IpAddress> hosts) {
        List<Future<ExternalAddress>> asked = new ArrayList<>();
        for (AddressFamily family : AddressFamily.values()) {
            if (!isSettled(family)) {
                hosts.stream()
                        .filter(host -> host.family() == family)
                        .findFirst()
                        .ifPresent(host -> asked.add(ask(host)));
            }
        }
        if (asked.isEmpty()) {
            return Future.failedFuture("it has no address of a family that is asked for");
        }
        return Future.join(asked).transform(joined -> {
            List<ExternalAddress> learnt =
                    asked.stream().filter(Future::succeeded).map(Future::result).toList();
            learnt.forEach(external -> LOG.info("clients are told {}, as {} says", external.told(), server));
            return learnt.isEmpty() ? Future.failedFuture(joined.cause()) : Future.succeededFuture(learnt);
        });
    }

    private boolean isSettled(AddressFamily family) {
        return config.external().stream()
                .anyMatch(external ->
                        external.local().isEmpty() && external.told().family() == family);
    }

    private Future<ExternalAddress> ask(IpAddress host) {
        Optional<IpAddress> from = config.relay().stream()
                .filter(relay -> relay.family() == host.family())
                .findFirst();
        return UdpBinding.ask(
                        vertx,
                        new TransportAddress(host, server.port()),
                        RetransmissionSchedule.probe(),
                        new SocketOptions(from, 0),
                        PacketTap.NONE)
                .compose(answer -> answer.message()
                        .get(XorMappedAddress.TYPE)
                        .map(mapped -> Future.succeededFuture(
                                new ExternalAddress(mapped.address().ip(), Optional.empty())))
                        .orElseGet(() -> Future.failedFuture("its answer holds no XOR-MAPPED-ADDRESS")));
    }
}
