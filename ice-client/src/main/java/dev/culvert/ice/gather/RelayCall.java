package dev.culvert.ice.gather;

import dev.culvert.ice.turn.TurnClient;
import dev.culvert.ice.turn.TurnOutput;

/** What is done with the allocation of a relayed candidate. */
@FunctionalInterface
public interface RelayCall {
    /** Calls the client; {@code out} is where it leaves what it decides. */
    void accept(TurnClient client, TurnOutput out);
}
