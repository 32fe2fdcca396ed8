package dev.culvert.ice.vertx;

import dev.culvert.ice.portmap.MappingRequest;
import dev.culvert.ice.portmap.PortMapEvent;
import dev.culvert.ice.portmap.PortProtocol;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;

/**
 * Has the router map the sockets of a gathering, by the best protocol that it offers: PCP, NAT-PMP or UPnP IGD.
 *
 * <p>Every socket asks the router of its own address's default route. It holds nothing itself, and so may serve any number
 * of gatherings.
 *
 * <p>A gathering takes it by {@code builder.mapping(new RouterMappings(vertx, PortMappingOptions.defaults()))}.
 */
public final class RouterMappings implements MappingService {
    private final Vertx vertx;
    private final PortMappingOptions options;
    private final Duration lifetime;

    /** @param options whose family and local address do not count: they are those of the sockets */
    public RouterMappings(Vertx vertx, PortMappingOptions options) {
        this(vertx, options, MappingRequest.STANDARD_LIFETIME);
    }

    private RouterMappings(Vertx vertx, PortMappingOptions options, Duration lifetime) {
        this.vertx = vertx;
        this.options = options;
        this.lifetime = lifetime;
    }

    /** Has the router forget the mappings so long after this program was killed: 1 s to a day. */
    public RouterMappings withLifetime(Duration wanted) {
        return new RouterMappings(vertx, options, wanted);
    }

    @Override
    public String name() {
        return "router";
    }

    @Override
    public Mapping map(TransportAddress base, Listener listener) {
        return new Asked(base, listener);
    }

    /** One mapping, from being asked for to its removal. Owned by one event loop. */
    private final class Asked implements Mapping {
        private final Listener listener;
        private final Future<PortMappings> opening;
        private Optional<TransportAddress> external = Optional.empty();
        private boolean isOver;

        Asked(TransportAddress base, Listener listener) {
            this.listener = listener;
            this.opening = open(base.ip());
            MappingRequest request =
                    MappingRequest.of(PortProtocol.UDP, base.port()).withLifetime(lifetime);
            opening.compose(router -> router.map(request)).onFailure(this::fail);
        }

        private Future<PortMappings> open(IpAddress local) {
            Optional<IpAddress> other = options.gateway().filter(router -> router.family() != local.family());
            if (other.isPresent()) {
                return Future.failedFuture(new NetworkException.Unreachable(
                        "the router " + other.get() + " is of the other family; name one of this family, too", null));
            }
            return PortMappings.open(
                    vertx,
                    options.withFamily(local.family())
                            .withLocal(Optional.of(local))
                            .withEvents(this::onEvent));
        }

        private void onEvent(PortMapEvent event) {
            options.events().accept(event);
            if (event instanceof PortMapEvent.Mapped mapped) {
                onMapped(mapped.mapping().external());
            } else if (event instanceof PortMapEvent.Lost lost) {
                end(lost.failure().text());
            }
        }

        private void onMapped(TransportAddress now) {
            if (external.isEmpty() && !isOver) {
                external = Optional.of(now);
                listener.onMapped(now);
            } else if (!external.equals(Optional.of(now))) {
                end("the router has moved it to " + now + "; gather again");
            }
        }

        private void fail(Throwable cause) {
            end(String.valueOf(cause.getMessage()));
            close();
        }

        private void end(String reason) {
            if (!isOver) {
                isOver = true;
                listener.onEnded(reason);
            }
        }

        @Override
        public Future<Void> close() {
            isOver = true;
            return opening.transform(
                    opened -> opened.succeeded() ? opened.result().close() : Future.succeededFuture());
        }
    }
}
