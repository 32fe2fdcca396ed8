package dev.culvert.ice.vertx;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.SocketId;
import dev.culvert.ice.sip.SipAttempt;
import dev.culvert.ice.sip.SipMethod;
import dev.culvert.ice.sip.SipReport;
import dev.culvert.ice.sip.SipTransport;
import dev.culvert.ice.sip.SipUdpFlow;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Finds out whether something on the way to a server with a SIP reflector rewrites SIP. */
public final class SipProbe {
    private final Plan plan;
    private final Vertx vertx;
    private final UdpSockets sockets;
    private final PacketTap tap;
    private final Deadline deadline;
    private final Map<SocketId, SipUdpFlow> flows = new TreeMap<>((a, b) -> Integer.compare(a.number(), b.number()));
    private final Promise<Void> udpDone = Promise.promise();

    /**
     * What is asked.
     *
     * @param server the address of the server
     * @param ports its ports, the one that an ALG looks at in front
     * @param transports what carries the requests
     * @param schedule when datagrams are sent again, and given up
     * @param timeout for a connection, and again for each answer on it
     * @param sockets how sockets are opened
     */
    public record Plan(
            IpAddress server,
            List<Integer> ports,
            List<SipTransport> transports,
            RetransmissionSchedule schedule,
            Duration timeout,
            SocketOptions sockets) {
        public Plan {
            ports = List.copyOf(ports);
            transports = List.copyOf(transports);
            if (ports.isEmpty() || transports.isEmpty()) {
                throw new IllegalArgumentException("at least one port and one transport, not " + ports + transports);
            }
        }
    }

    private SipProbe(Vertx vertx, Plan plan, IpAddress routeAddress, PacketTap tap) {
        this.vertx = vertx;
        this.plan = plan;
        this.tap = tap;
        sockets = new UdpSockets(
                vertx, plan.sockets(), routeAddress, tap, this::onDatagram, cause -> udpDone.tryFail(cause));
        deadline = new Deadline(vertx, this::onTimeout);
    }

    /**
     * Asks and compares.
     *
     * @param tap sees every message, SIP and STUN
     * @return the report, in which nothing may be answered; or a failure with a {@link NetworkException} where there is no
     *     route or no local socket
     */
    public static Future<SipReport> run(Vertx vertx, Plan plan, PacketTap tap) {
        Promise<SipReport> result = Promise.promise();
        Context context = vertx.getOrCreateContext();
        context.runOnContext(onLoop -> {
            try {
                IpAddress route = LocalAddresses.routeTo(
                        new TransportAddress(plan.server(), plan.ports().get(0)));
                new SipProbe(vertx, plan, route, tap).start().onComplete(result);
            } catch (NetworkException e) {
                result.fail(e);
            }
        });
        return result.future();
    }

    private Future<SipReport> start() {
        List<Future<SipAttempt>> streams = new ArrayList<>();
        if (plan.transports().contains(SipTransport.TCP)) {
            for (int port : plan.ports()) {
                for (SipMethod method : SipMethod.values()) {
                    streams.add(SipStream.ask(vertx, method, new TransportAddress(plan.server(), port), plan, tap));
                }
            }
        }
        if (plan.transports().contains(SipTransport.UDP)) {
            startUdp();
        } else {
            udpDone.complete();
        }
        return udpDone.future()
                .transform(udp -> sockets.close()
                        .transform(closed -> udp.succeeded()
                                ? Future.join(streams).map(joined -> report(streams))
                                : Future.failedFuture(udp.cause())));
    }

    private void startUdp() {
        List<Future<Void>> starting = new ArrayList<>();
        for (int port : plan.ports()) {
            TransportAddress server = new TransportAddress(plan.server(), port);
            SocketId socket = sockets.open(server.ip().family());
            starting.add(sockets.bound(socket)
                    .onSuccess(local -> flows.put(socket, begin(socket, server, local)))
                    .mapEmpty());
        }
        Future.all(starting).onSuccess(all -> follow());
    }

    private SipUdpFlow begin(SocketId socket, TransportAddress server, TransportAddress local) {
        SipUdpFlow flow = new SipUdpFlow(
                server, local, plan.schedule(), new SecureRandom(), bytes -> sockets.send(socket, server, bytes));
        flow.start(System.nanoTime());
        return flow;
    }

    private void onDatagram(SocketId socket, TransportAddress from, ByteBuffer bytes) {
        SipUdpFlow flow = flows.get(socket);
        if (flow != null) {
            flow.onDatagram(from, bytes, System.nanoTime());
            follow();
        }
    }

    private void onTimeout() {
        long nowNanos = System.nanoTime();
        flows.values().forEach(flow -> flow.onTimeout(nowNanos));
        follow();
    }

    private void follow() {
        if (flows.size() < plan.ports().size()) {
            return;
        }
        flows.values().stream()
                .flatMapToLong(flow -> flow.nextDeadlineNanos().stream())
                .reduce((a, b) -> a - b < 0 ? a : b)
                .ifPresentOrElse(next -> deadline.follow(OptionalLong.of(next)), this::endUdp);
    }

    private void endUdp() {
        deadline.cancel();
        udpDone.tryComplete();
    }

    private SipReport report(List<Future<SipAttempt>> streams) {
        List<SipAttempt> attempts = new ArrayList<>();
        Map<Integer, TransportAddress> mapped = new TreeMap<>();
        List<SipUdpFlow> ordered = List.copyOf(flows.values());
        for (int i = 0; i < plan.ports().size(); i++) {
            int port = plan.ports().get(i);
            if (!ordered.isEmpty()) {
                attempts.addAll(ordered.get(i).attempts());
                Optional<TransportAddress> told = ordered.get(i).mapped();
                told.ifPresent(address -> mapped.put(port, address));
            }
            streams.stream()
                    .map(Future::result)
                    .filter(attempt -> attempt.port() == port)
                    .forEach(attempts::add);
        }
        return new SipReport(plan.ports(), attempts, mapped);
    }
}
