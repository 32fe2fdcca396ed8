package dev.culvert.ice.examples;

import dev.culvert.ice.gather.GatherEvent;
import dev.culvert.ice.sdp.CandidateAttribute;
import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.vertx.IceGathering;
import dev.culvert.ice.vertx.IceGatheringOptions;
import dev.culvert.stun.StunUri;
import io.vertx.core.Vertx;
import java.util.function.Consumer;

/** Hands the candidates of this host to whoever signals them to the peer. */
final class GatherCandidates {
    private GatherCandidates() {}

    static IceGathering gather(Vertx vertx, String host, LongTermCredential user, Consumer<String> signal) {
        IceGatheringOptions options = IceGatheringOptions.builder()
                .stun(StunUri.parse("stun:" + host))
                .turn(StunUri.parse("turn:" + host), user)
                .build();
        return IceGathering.start(vertx, options, event -> {
            if (event instanceof GatherEvent.Gathered gathered) {
                signal.accept("a=" + CandidateAttribute.format(gathered.candidate()));
            }
        });
    }
}
