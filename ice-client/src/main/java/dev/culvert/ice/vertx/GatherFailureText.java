package dev.culvert.ice.vertx;

import dev.culvert.ice.ForeignText;
import dev.culvert.ice.gather.GatherFailure;
import dev.culvert.stun.attribute.ErrorCode;

/** What a failure while gathering means and what mends it, in a line. */
public final class GatherFailureText {
    private GatherFailureText() {}

    /** For example {@code no answer to 11 requests; …}. */
    public static String of(GatherFailure failure) {
        if (failure instanceof GatherFailure.Silence silence) {
            return "no answer to " + silence.requests()
                    + " requests; check address and port, and that this interface leads there";
        }
        if (failure instanceof GatherFailure.Refused refused) {
            ErrorCode error = refused.error();
            return error.code() + " " + ForeignText.line(error.reason())
                    + ": the server answers not everyone; ask another one";
        }
        if (failure instanceof GatherFailure.Unusable unusable) {
            return unusable.what() + "; ask another server";
        }
        if (failure instanceof GatherFailure.Turn turn) {
            return TurnFailureText.of(turn.failure());
        }
        if (failure instanceof GatherFailure.CannotBind bind) {
            return "no socket on this address: " + bind.reason() + "; leave the interface out";
        }
        if (failure instanceof GatherFailure.NoConnection connection) {
            return connection.reason();
        }
        if (failure instanceof GatherFailure.NoMapping mapping) {
            return mapping.reason();
        }
        GatherFailure.Moved moved = (GatherFailure.Moved) failure;
        return "the NAT has moved it to " + moved.seenAt() + "; gather again";
    }
}
