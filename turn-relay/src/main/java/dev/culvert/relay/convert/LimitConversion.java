package dev.culvert.relay.convert;

import dev.culvert.relay.config.TurnSettings;
import dev.culvert.server.config.Setting;
import java.math.BigDecimal;
import java.util.List;
import java.util.OptionalLong;

/** Quotas, bitrates and lifetimes. */
final class LimitConversion {
    private static final int MOST = Integer.MAX_VALUE;
    private static final int MOST_SECONDS = 365 * 24 * 60 * 60;
    private static final int DEFAULT_LIFETIME_SECONDS = 600;

    /** Bits of a byte, in two directions. */
    private static final long BITS_BOTH_WAYS = 16;

    private static final long LEAST_BITS = 8_000;
    private static final long MOST_BITS = 1_000_000_000_000L;

    private final CoturnFile in;
    private final Draft draft;

    private LimitConversion(CoturnFile in, Draft draft) {
        this.in = in;
        this.draft = draft;
    }

    static void convert(CoturnFile in, Draft draft) {
        LimitConversion conversion = new LimitConversion(in, draft);
        conversion.quotas();
        conversion.bitrate(TurnSettings.MAX_BITRATE_PER_ALLOCATION, "max-bps", "");
        conversion.bitrate(
                TurnSettings.MAX_BITRATE,
                "bps-capacity",
                " Coturn refuses allocations that would not fit; here the data of all that is over is dropped.");
        conversion.lifetime();
    }

    private void quotas() {
        int perUser = in.number("user-quota", 0, MOST, 0);
        if (perUser > 0) {
            draft.put(TurnSettings.MAX_ALLOCATIONS_PER_USER, List.of(String.valueOf(perUser)), in.lines("user-quota"));
        } else {
            draft.put(
                    TurnSettings.MAX_ALLOCATIONS_PER_USER,
                    List.of(String.valueOf(MOST)),
                    in.lines("user-quota"),
                    "no quota. Where each client has a user id of its own, take this out: 64 are plenty" + " then.");
        }
        int total = in.number("total-quota", 0, MOST, 0);
        if (total > 0) {
            draft.put(TurnSettings.MAX_ALLOCATIONS, List.of(String.valueOf(total)), in.lines("total-quota"));
        }
        draft.remark(in.lines("total-quota"), "no quota, but for what the limit of open files has room for");
    }

    private void bitrate(Setting<OptionalLong> setting, String name, String change) {
        long bytesPerSecond = in.amount(name);
        if (bytesPerSecond > 0) {
            long bits = Math.min(MOST_BITS, Math.max(LEAST_BITS, bytesPerSecond * BITS_BOTH_WAYS));
            String rate = BigDecimal.valueOf(bits, 3).stripTrailingZeros().toPlainString() + "kbit";
            draft.put(
                    setting,
                    List.of(rate),
                    in.lines(name),
                    "bits instead of bytes, both directions together instead of each, so 16 times the number."
                            + change);
        }
        draft.remark(in.lines(name), "no limit");
    }

    private void lifetime() {
        if (in.lines("max-allocate-lifetime").isEmpty()) {
            return;
        }
        int seconds = in.number("max-allocate-lifetime", 0, MOST_SECONDS, 0);
        if (seconds == 0) {
            draft.remark(in.lines("max-allocate-lifetime"), "1h, the default of both");
            return;
        }
        List<CoturnLine> lines = in.lines("max-allocate-lifetime");
        draft.put(TurnSettings.MAX_LIFETIME, List.of(seconds + "s"), lines);
        if (seconds < DEFAULT_LIFETIME_SECONDS) {
            draft.put(TurnSettings.DEFAULT_LIFETIME, List.of(seconds + "s"), lines, "no longer than the longest.");
        }
    }
}
