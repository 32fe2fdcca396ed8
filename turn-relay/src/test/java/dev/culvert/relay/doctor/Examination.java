package dev.culvert.relay.doctor;

import dev.culvert.relay.config.TurnBinding;
import dev.culvert.relay.config.TurnSettings;
import dev.culvert.server.config.FileLayer;
import dev.culvert.server.config.Problems;
import dev.culvert.server.config.Values;
import java.util.List;

/** A doctor's look at a machine with a configuration. */
final class Examination {
    private Examination() {}

    /** What is found with the configuration {@code yaml}, to which a realm and a user are added. */
    static List<String> of(FakeHost host, String... yaml) {
        return findings(host, "realm: example.org\nuser: [\"alice:wonderland\"]\n" + String.join("\n", yaml)).stream()
                .map(Finding::toString)
                .toList();
    }

    static List<Finding> findings(FakeHost host, String yaml) {
        Problems problems = new Problems();
        Values values = new Values(
                TurnSettings.ALL, List.of(FileLayer.read("turn.yaml", yaml, TurnSettings.ALL, problems)), problems);
        return Doctor.examine(new Subject(TurnBinding.bind(values), values, host));
    }
}
