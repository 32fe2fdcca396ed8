package dev.culvert.relay.doctor;

import dev.culvert.server.config.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Looks at everything that is known to make a relay useless. */
final class Doctor {
    private static final List<Function<Subject, List<Finding>>> CHECKS = List.of(
            Doctor::configuration,
            AddressCheck::of,
            NameCheck::of,
            ListenerCheck::of,
            RelayPortCheck::of,
            LimitCheck::of,
            ClockCheck::of,
            CertificateCheck::of,
            SecretFileCheck::of);

    private Doctor() {}

    /** All findings, in the order of the checks. */
    static List<Finding> examine(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        CHECKS.forEach(check -> findings.addAll(check.apply(subject)));
        return findings;
    }

    private static List<Finding> configuration(Subject subject) {
        List<Problem> problems = subject.values().problems();
        return problems.isEmpty()
                ? List.of(Finding.ok("configuration", "is valid"))
                : problems.stream().map(Doctor::of).toList();
    }

    private static Finding of(Problem problem) {
        Problem without = new Problem(problem.where(), problem.value(), problem.wrong(), "");
        return Finding.error("configuration", without.toString(), problem.right());
    }
}
