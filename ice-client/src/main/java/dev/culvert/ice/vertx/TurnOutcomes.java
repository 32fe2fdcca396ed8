package dev.culvert.ice.vertx;

import dev.culvert.ice.turn.TurnEvent;
import dev.culvert.ice.turn.TurnFailure;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The futures of permissions and channels, kept while these are asked for or there. Owned by one event loop. */
final class TurnOutcomes {
    private final String server;
    private final Map<IpAddress, Promise<Void>> permissions = new HashMap<>();
    private final Map<TransportAddress, Promise<Integer>> channels = new HashMap<>();
    private Throwable reason;

    /** Those of an allocation on {@code server}, as people call it. */
    TurnOutcomes(String server) {
        this.server = server;
        this.reason = new NetworkException.Disconnected("there is no allocation on " + server + " yet", null);
    }

    /** To be taken before it is asked for. */
    Future<Void> permission(IpAddress peer) {
        return permissions.computeIfAbsent(peer, asked -> Promise.promise()).future();
    }

    /** To be taken before it is asked for. */
    Future<Integer> channel(TransportAddress peer) {
        return channels.computeIfAbsent(peer, asked -> Promise.promise()).future();
    }

    void onEvent(TurnEvent event) {
        if (event instanceof TurnEvent.PermissionInstalled installed) {
            permissions
                    .computeIfAbsent(installed.peer(), asked -> Promise.promise())
                    .tryComplete();
        } else if (event instanceof TurnEvent.PermissionFailed failed) {
            fail(permissions.remove(failed.peer()), "let " + failed.peer() + " in", failed.failure());
        } else if (event instanceof TurnEvent.ChannelBound bound) {
            channels.computeIfAbsent(bound.peer(), asked -> Promise.promise()).tryComplete(bound.number());
        } else if (event instanceof TurnEvent.ChannelFailed failed) {
            fail(channels.remove(failed.peer()), "bind a channel to " + failed.peer(), failed.failure());
        }
    }

    private void fail(@Nullable Promise<?> outcome, String asked, TurnFailure failure) {
        if (outcome != null) {
            outcome.tryFail(new TurnException(server, asked, failure));
        }
    }

    void release(IpAddress peer) {
        List<Promise<?>> released = new ArrayList<>();
        Promise<Void> permission = permissions.remove(peer);
        if (permission != null) {
            released.add(permission);
        }
        channels.entrySet().removeIf(channel -> {
            boolean isOfPeer = channel.getKey().ip().equals(peer);
            return isOfPeer && released.add(channel.getValue());
        });
        released.forEach(outcome -> outcome.tryFail(new IllegalStateException(peer + " was released")));
    }

    /** Nothing more comes of anything. */
    void fail(Throwable cause) {
        reason = cause;
        List<Promise<?>> open = new ArrayList<>(permissions.values());
        open.addAll(channels.values());
        permissions.clear();
        channels.clear();
        open.forEach(outcome -> outcome.tryFail(cause));
    }

    /** Why nothing comes of anything. */
    Throwable reason() {
        return reason;
    }
}
