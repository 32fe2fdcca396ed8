package dev.culvert.ice.gather;

import dev.culvert.ice.turn.AllocateOptions;
import dev.culvert.ice.turn.TurnError;
import dev.culvert.ice.turn.TurnEvent;
import dev.culvert.ice.turn.TurnFailure;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which relayed port is asked for: RTP's is even, and RTCP's the next, where the server has such. Mutable, owned by one thread. */
final class RelayPort {
    private static final Set<TurnError> ABOUT_THE_PORT = EnumSet.of(
            TurnError.BAD_REQUEST, TurnError.UNKNOWN_ATTRIBUTE, TurnError.INSUFFICIENT_CAPACITY, TurnError.OTHER);

    private final AllocateOptions.Families families;
    private final boolean isFirstOfTwo;
    private final @Nullable RelayPort lower;
    private OptionalLong reservation = OptionalLong.empty();
    private boolean isAnyGood;

    /** @param lower that of the component below; null for the first */
    RelayPort(AllocateOptions.Families families, boolean isFirstOfTwo, @Nullable RelayPort lower) {
        this.families = families;
        this.isFirstOfTwo = isFirstOfTwo;
        this.lower = lower;
    }

    AllocateOptions wanted() {
        AllocateOptions options = AllocateOptions.defaults();
        if (!isAnyGood && lower != null && lower.reservation.isPresent()) {
            // RFC 8656 §7.1: the token stands in place of the family.
            return options.withPort(new AllocateOptions.ReservedPort(lower.reservation.getAsLong()));
        }
        options = options.withFamilies(families);
        // RFC 8656 §7.1: a dual allocation cannot reserve the next port.
        boolean isPairWanted = isFirstOfTwo && families != AllocateOptions.Families.DUAL;
        return isPairWanted && !isAnyGood ? options.withPort(new AllocateOptions.EvenPortWanted(true)) : options;
    }

    void onGranted(TurnEvent.Allocated granted) {
        reservation = granted.reservation();
    }

    /** Whether a server that has no such port may well have another, which is wanted from now on. */
    boolean yieldsTo(TurnFailure failure) {
        boolean isSpecial = !(wanted().port() instanceof AllocateOptions.AnyPort);
        boolean yields =
                isSpecial && failure.refusal().filter(ABOUT_THE_PORT::contains).isPresent();
        isAnyGood |= yields;
        return yields;
    }
}
