package dev.culvert.ice.vertx;

import dev.culvert.ice.gather.GatherEvent;
import dev.culvert.ice.gather.GatherSource;
import dev.culvert.ice.turn.TurnEvent;
import dev.culvert.stun.IpAddress;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;

/** The futures of what was asked of the allocations behind relayed candidates. Owned by one event loop. */
final class RelayOutcomes {
    private final Map<GatherSource, TurnOutcomes> outcomes = new HashMap<>();

    /** To be taken before it is asked for. */
    Future<Void> permission(GatherSource source, IpAddress peer) {
        return outcomes.computeIfAbsent(source, fresh -> new TurnOutcomes(fresh.name()))
                .permission(peer);
    }

    void onEvent(GatherSource source, TurnEvent event) {
        TurnOutcomes asked = outcomes.get(source);
        if (asked != null) {
            asked.onEvent(event);
        }
    }

    /** Nothing more comes of the allocation of this candidate. */
    void onLost(GatherEvent.Lost lost) {
        TurnOutcomes asked = outcomes.remove(lost.source());
        if (asked != null) {
            asked.fail(new NetworkException.Disconnected(
                    "the relayed address " + lost.candidate().address() + " is lost: "
                            + GatherFailureText.of(lost.failure()),
                    null));
        }
    }

    /** Nothing more comes of anything. */
    void fail(Throwable reason) {
        outcomes.values().forEach(each -> each.fail(reason));
    }
}
