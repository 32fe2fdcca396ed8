package dev.culvert.relay.core;

import dev.culvert.stun.ChannelData;
import dev.culvert.stun.attribute.Lifetime;

/**
 * What an operator chooses.
 *
 * @param defaultLifetimeSeconds of an allocation whose client asks for nothing, or for less
 * @param maxLifetimeSeconds the most that a client gets
 * @param maxPermissions per allocation
 * @param maxChannels per allocation
 * @param maxChannelNumber 0x4FFF, or up to 0x7FFF for clients of RFC 5766
 * @param endsWithCredential whether an allocation ends when its credential does
 * @param mode whether relay ports are shared
 * @param software the text of SOFTWARE in answers to authenticated Allocate and Refresh requests; empty for none
 */
public record RelaySettings(
        long defaultLifetimeSeconds,
        long maxLifetimeSeconds,
        int maxPermissions,
        int maxChannels,
        int maxChannelNumber,
        boolean endsWithCredential,
        RelayMode mode,
        String software) {
    /** RFC 8656's own values, and what is said in the documentation. */
    public static final RelaySettings DEFAULT =
            new RelaySettings(600, 3600, 256, 256, ChannelData.MAX_NUMBER, false, RelayMode.EXCLUSIVE, "");

    /** Ten years: what fits the clock of nanoseconds many times over. */
    private static final long LONGEST_SECONDS = 315_360_000;

    public RelaySettings {
        if (defaultLifetimeSeconds < 1
                || defaultLifetimeSeconds > maxLifetimeSeconds
                || maxLifetimeSeconds > LONGEST_SECONDS) {
            throw new IllegalArgumentException(
                    "lifetimes are at least a second, at most ten years, and the default is not above the maximum: "
                            + defaultLifetimeSeconds + ", " + maxLifetimeSeconds);
        }
        if (maxPermissions < 1 || maxChannels < 1) {
            throw new IllegalArgumentException("an allocation has at least one permission and one channel");
        }
        if (maxChannelNumber < ChannelData.MIN_NUMBER || maxChannelNumber > ChannelData.MAX_NUMBER_RFC5766) {
            throw new IllegalArgumentException(
                    "the highest channel number is 0x4000 to 0x7FFF, not 0x" + Integer.toHexString(maxChannelNumber));
        }
    }

    /** Settings with relay ports that are not shared. */
    public RelaySettings(
            long defaultLifetimeSeconds,
            long maxLifetimeSeconds,
            int maxPermissions,
            int maxChannels,
            int maxChannelNumber,
            boolean endsWithCredential,
            String software) {
        this(
                defaultLifetimeSeconds,
                maxLifetimeSeconds,
                maxPermissions,
                maxChannels,
                maxChannelNumber,
                endsWithCredential,
                RelayMode.EXCLUSIVE,
                software);
    }

    /** The same in another mode. */
    public RelaySettings withMode(RelayMode other) {
        return new RelaySettings(
                defaultLifetimeSeconds,
                maxLifetimeSeconds,
                maxPermissions,
                maxChannels,
                maxChannelNumber,
                endsWithCredential,
                other,
                software);
    }

    /** The lifetime of an allocation whose client asks for {@code requested}, 0 and nothing at all aside. */
    long granted(Lifetime requested) {
        // RFC 8656 §7.2, §8.2: the lesser of what is asked for and the maximum, but no less than the default.
        return Math.max(defaultLifetimeSeconds, Math.min(requested.seconds(), maxLifetimeSeconds));
    }
}
