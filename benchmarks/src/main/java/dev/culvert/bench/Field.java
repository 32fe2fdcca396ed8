package dev.culvert.bench;

import dev.culvert.bench.Contestant.Task;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** What every shape is measured with. */
record Field(Generator generator, Settings settings, List<Contestant> contestants, Certificate certificate) {
    /** Starts all servers. */
    Arena arena(Task task) throws IOException {
        return arena(task, contestants);
    }

    /** Starts some servers. */
    Arena arena(Task task, List<Contestant> some) throws IOException {
        return Arena.open(generator, settings, some, task, certificate);
    }

    /** Tells a row as soon as it is there: a whole run takes long. */
    Row told(Row row) {
        for (Contestant contestant : contestants) {
            if (row.has(contestant.name())) {
                System.err.printf(
                        Locale.ROOT,
                        "%-16s %-22s %-16s %8.2f %s  server %3.0f %% busy, generator %3.0f %%, faults: %s%n",
                        row.shape(),
                        row.name(),
                        contestant.name(),
                        row.median(contestant.name()),
                        row.unit(),
                        100 * row.busy(contestant.name()),
                        100 * row.generatorBusy(contestant.name()),
                        row.counted(contestant.name()).faults());
            }
        }
        return row;
    }
}
