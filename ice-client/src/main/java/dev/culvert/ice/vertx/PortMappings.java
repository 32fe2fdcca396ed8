package dev.culvert.ice.vertx;

import dev.culvert.ice.portmap.GatewayHttpRequest;
import dev.culvert.ice.portmap.MappingId;
import dev.culvert.ice.portmap.MappingRequest;
import dev.culvert.ice.portmap.PortMapEvent;
import dev.culvert.ice.portmap.PortMapper;
import dev.culvert.ice.portmap.PortMapperOutput;
import dev.culvert.ice.portmap.PortMapping;
import dev.culvert.ice.portmap.PortProtocol;
import dev.culvert.ice.portmap.RouterReport;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Ports of this host that are mapped at its router (PCP, NAT-PMP, UPnP IGD), with sockets and timers. They are kept until
 * {@link #close}; nothing is mapped before {@link #map} is called.
 *
 * <p>All happens on the event loop of the context on which it was opened; its methods may be called from anywhere. A
 * future that fails because of the router has a {@link PortMappingException}, because of the network a
 * {@link NetworkException}.
 *
 * <pre>{@code
 * return PortMappings.open(vertx, options).onSuccess(router -> {
 *     router.map(MappingRequest.of(PortProtocol.UDP, 5000))
 *             .onSuccess(mapping -> signal.accept(mapping.external()))
 *             .onFailure(cause -> System.err.println(cause.getMessage()));
 * });
 * }</pre>
 */
public final class PortMappings {
    private final Context context;
    private final LoopCalls loop;
    private final PortMappingOptions options;
    private final GatewaySearch.Found router;
    private final PortMapper mapper;
    private final Deadline deadline;
    private final GatewaySockets sockets;
    private final GatewayHttp http;
    private final Map<Port, Promise<PortMapping>> mapped = new HashMap<>();
    private final Map<Port, MappingId> ids = new HashMap<>();
    private final Map<MappingId, Promise<Void>> removing = new HashMap<>();
    private final Promise<RouterReport> settled = Promise.promise();
    private final Promise<Void> closed = Promise.promise();
    private @Nullable Port asking;
    private boolean isClosing;
    private boolean isClosed;

    private record Port(PortProtocol protocol, int internalPort) {}

    private PortMappings(Vertx vertx, Context context, PortMappingOptions options, GatewaySearch.Found router) {
        this.context = context;
        this.loop = new LoopCalls(context);
        this.options = options;
        this.router = router;
        mapper = new PortMapper(router.gateway(), new SecureRandom(), new Output());
        deadline = new Deadline(vertx, () -> drive(() -> mapper.onTimeout(System.nanoTime())));
        sockets = new GatewaySockets(vertx, router, this::onDatagram);
        http = new GatewayHttp(vertx, router.gateway().local());
    }

    /** Finds the router and begins to ask what it offers; completes without waiting for its answer. */
    public static Future<PortMappings> open(Vertx vertx, PortMappingOptions options) {
        Context context = vertx.getOrCreateContext();
        Promise<PortMappings> opened = Promise.promise();
        context.runOnContext(onLoop -> {
            try {
                GatewaySearch.Found router = options.gateway().isPresent()
                        ? GatewaySearch.towards(options.gateway().get(), options.local())
                        : GatewaySearch.find(options.family(), options.local());
                new PortMappings(vertx, context, options, router).start().onComplete(opened);
            } catch (NetworkException e) {
                opened.fail(e);
            }
        });
        return opened.future();
    }

    private Future<PortMappings> start() {
        return sockets.open()
                .compose(
                        bound -> {
                            drive(() -> mapper.start(System.nanoTime()));
                            return Future.succeededFuture(this);
                        },
                        cause -> http.close().transform(done -> Future.failedFuture(cause)));
    }

    /** The router, and whether it was guessed. */
    public GatewaySearch.Found router() {
        return router;
    }

    /** Completes when it is known of each protocol whether the router offers it: after a few seconds at the latest. */
    public Future<RouterReport> settled() {
        return settled.future();
    }

    /** What is known of the router now. */
    public Future<RouterReport> report() {
        return loop.call(() -> Future.succeededFuture(mapper.report()));
    }

    /**
     * Maps a port as soon as the router has said what it offers, and keeps it mapped. For a port that is mapped or asked
     * for, this is the same future as before.
     *
     * @return the mapping; what becomes of it later is told to {@link PortMappingOptions#events}
     */
    public Future<PortMapping> map(MappingRequest request) {
        return loop.call(() -> {
            if (isClosing) {
                return Future.failedFuture(new IllegalStateException("these port mappings were closed; open new ones"));
            }
            Port port = new Port(request.protocol(), request.internalPort());
            Promise<PortMapping> known = mapped.get(port);
            if (known != null) {
                return known.future();
            }
            Promise<PortMapping> promise = Promise.promise();
            mapped.put(port, promise);
            // The outcome may come during this call, when the number is not known yet.
            context.runOnContext(later -> ask(port, request));
            return promise.future();
        });
    }

    private void ask(Port port, MappingRequest request) {
        if (mapped.containsKey(port) && !ids.containsKey(port) && !isClosing) {
            asking = port;
            drive(() -> {
                MappingId id = mapper.map(request, System.nanoTime());
                if (mapped.containsKey(port)) {
                    ids.put(port, id);
                }
            });
            asking = null;
        }
    }

    /** Removes a mapping; completes when the router has confirmed it, and fails where it does not. */
    public Future<Void> unmap(PortProtocol protocol, int internalPort) {
        return loop.call(() -> {
            Port port = new Port(protocol, internalPort);
            Promise<PortMapping> promise = mapped.remove(port);
            MappingId id = ids.remove(port);
            if (promise != null) {
                promise.tryFail(new IllegalStateException("the mapping was given up before it was there"));
            }
            if (id == null) {
                return Future.succeededFuture();
            }
            Promise<Void> removed = Promise.promise();
            removing.put(id, removed);
            drive(() -> mapper.unmap(id, System.nanoTime()));
            return removed.future();
        });
    }

    /** Removes all mappings, and closes sockets and timers; completes when all that is done, and never fails. */
    public Future<Void> close() {
        return loop.call(() -> {
            if (!isClosing) {
                isClosing = true;
                mapped.values()
                        .forEach(promise -> promise.tryFail(
                                new IllegalStateException("these port mappings were closed; open new ones")));
                drive(() -> mapper.close(System.nanoTime()));
            }
            return closed.future();
        });
    }

    private void onDatagram(TransportAddress from, ByteBuffer bytes) {
        if (!isClosed) {
            drive(() -> mapper.onDatagram(from, bytes, System.nanoTime()));
        }
    }

    private void drive(Runnable call) {
        call.run();
        if (!isClosed) {
            deadline.follow(mapper.nextDeadlineNanos());
        }
    }

    private void onEvent(PortMapEvent event) {
        options.events().accept(event);
        if (event instanceof PortMapEvent.Settled) {
            settled.tryComplete(mapper.report());
        } else if (event instanceof PortMapEvent.Mapped done) {
            Promise<PortMapping> promise = mapped.get(portOf(done.mapping()));
            if (promise != null) {
                promise.tryComplete(done.mapping());
            }
        } else if (event instanceof PortMapEvent.Failed failed) {
            fail(failed);
        } else if (event instanceof PortMapEvent.Removed removed) {
            Optional.ofNullable(removing.remove(removed.id())).ifPresent(Promise::tryComplete);
        } else if (event instanceof PortMapEvent.NotRemoved kept) {
            Optional.ofNullable(removing.remove(kept.id()))
                    .ifPresent(promise ->
                            promise.tryFail(new PortMappingException("remove the mapping", List.of(kept.failure()))));
        } else if (event instanceof PortMapEvent.Closed) {
            free();
        }
    }

    private static Port portOf(PortMapping mapping) {
        return new Port(mapping.protocol(), mapping.internal().port());
    }

    private void fail(PortMapEvent.Failed failed) {
        Port port = ids.entrySet().stream()
                .filter(entry -> entry.getValue().equals(failed.id()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(asking);
        if (port == null) {
            return;
        }
        ids.remove(port);
        Promise<PortMapping> promise = mapped.remove(port);
        if (promise != null) {
            String asked = "map " + port.protocol() + " port " + port.internalPort();
            promise.tryFail(new PortMappingException(asked, failed.failures()));
        }
    }

    private void free() {
        isClosed = true;
        deadline.cancel();
        settled.tryFail(new IllegalStateException("these port mappings were closed before the router had answered"));
        Future.join(sockets.close(), http.close()).onComplete(done -> closed.complete());
    }

    private final class Output implements PortMapperOutput {
        @Override
        public void send(TransportAddress to, ByteBuffer bytes) {
            sockets.send(to, bytes);
        }

        @Override
        public void request(GatewayHttpRequest request) {
            // Never within this call, as the core demands.
            context.runOnContext(later -> http.send(request)
                    .onSuccess(answer -> drive(
                            () -> mapper.onHttpAnswer(request.id(), answer.status(), answer.body(), System.nanoTime())))
                    .onFailure(cause -> drive(() -> mapper.onHttpFailure(
                            request.id(), String.valueOf(cause.getMessage()), System.nanoTime()))));
        }

        @Override
        public void onEvent(PortMapEvent event) {
            PortMappings.this.onEvent(event);
        }
    }
}
