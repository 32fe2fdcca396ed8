package dev.culvert.probe;

import dev.culvert.ice.gather.Candidate;
import dev.culvert.ice.gather.GatherEvent;
import dev.culvert.ice.gather.GatherSource;
import dev.culvert.ice.sdp.CandidateAttribute;
import dev.culvert.ice.vertx.GatherFailureText;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi;

/** What happens while gathering, as lines for people. */
final class GatherText {
    private final Ansi style;
    private final boolean quiet;

    GatherText(Ansi style, boolean quiet) {
        this.style = style;
        this.quiet = quiet;
    }

    /** The line about this event; empty where it is worth none. */
    Optional<String> line(GatherEvent event) {
        if (event instanceof GatherEvent.Gathered gathered) {
            return Optional.of(candidate(gathered));
        }
        if (quiet) {
            return Optional.empty();
        }
        if (event instanceof GatherEvent.Redundant redundant) {
            String address = redundant.type().token() + " " + redundant.address();
            return Optional.of(time(event.at()) + "  (same)  " + address + " is known already; " + redundant.source()
                    + ", " + millis(redundant.took()) + " ms");
        }
        return failure(event).map(text -> time(event.at()) + "  " + style.string("@|red failed|@") + "  " + text);
    }

    private String candidate(GatherEvent.Gathered gathered) {
        Candidate candidate = gathered.candidate();
        String type =
                style.string("@|green " + "%-5s".formatted(candidate.type().token()) + "|@");
        String rest = "%-2d %-40s %10d  ".formatted(candidate.component(), candidate.address(), candidate.priority());
        GatherSource source = gathered.source();
        if (source.kind() == GatherSource.Kind.INTERFACE) {
            return time(gathered.at()) + "  " + type + "   " + rest + source.name();
        }
        String requests = gathered.requests() == 1 ? "1 request" : gathered.requests() + " requests";
        return time(gathered.at()) + "  " + type + "   " + rest + source + ", " + millis(gathered.took()) + " ms, "
                + requests;
    }

    /** What went wrong and what mends it. */
    static Optional<String> failure(GatherEvent event) {
        if (event instanceof GatherEvent.Failed failed) {
            return Optional.of(failed.source() + ": " + GatherFailureText.of(failed.failure()));
        }
        if (event instanceof GatherEvent.Lost lost) {
            return Optional.of(lost.candidate().address() + ": " + GatherFailureText.of(lost.failure()));
        }
        if (event instanceof GatherEvent.Unanswered unanswered) {
            return Optional.of(unanswered.interfaceName() + ": no multicast DNS: " + unanswered.reason());
        }
        return event instanceof GatherEvent.Unresolved unresolved
                ? Optional.of(unresolved.server() + ": " + unresolved.reason())
                : Optional.empty();
    }

    /** The line of SDP about this event. */
    static Optional<String> sdp(GatherEvent event) {
        if (event instanceof GatherEvent.Gathered gathered) {
            return Optional.of("a=" + CandidateAttribute.format(gathered.candidate()));
        }
        return event instanceof GatherEvent.Complete ? Optional.of("a=end-of-candidates") : Optional.empty();
    }

    private static String time(Duration at) {
        return "%8s ms".formatted(millis(at));
    }

    static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.1f", duration.toNanos() / 1e6);
    }
}
