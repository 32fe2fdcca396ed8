package dev.culvert.bench;

import dev.culvert.bench.Tally.Count;

/**
 * One server in one round.
 *
 * @param value the figure that is compared; less is better
 * @param perSecond packets or operations that were done in a second
 * @param serverBusy the share of the time in which the server was on its core
 * @param generatorBusy the same of the generator's thread
 * @param counted what became of the packets
 */
record Sample(double value, double perSecond, double serverBusy, double generatorBusy, Count counted) {
    /** The same round with another figure. */
    Sample withValue(double newValue) {
        return new Sample(newValue, perSecond, serverBusy, generatorBusy, counted);
    }
}
