package dev.culvert.testkit.net;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** What happened to every datagram, in order; two runs of one seed have equal traces. */
public final class Trace {
    /** What became of a datagram at one place. */
    public enum Outcome {
        /** A socket sent it. */
        SENT,
        /** A link made a second copy of it. */
        DUPLICATED,
        /** A gateway passed it on; the datagram is shown as it left. */
        FORWARDED,
        /** A socket received it. */
        DELIVERED,
        /** A link lost it. */
        LOST,
        /** Somebody refused it; the note says why. */
        DROPPED
    }

    /**
     * One step of one datagram.
     *
     * @param place the host, segment or gateway where it happened
     * @param note why, or empty
     */
    public record Entry(long atNanos, Outcome outcome, String place, String note, Datagram datagram) {
        @Override
        public String toString() {
            return atNanos + " " + outcome + " " + place + " " + datagram + (note.isEmpty() ? "" : ": " + note);
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private final SimulatedNetwork network;

    Trace(SimulatedNetwork network) {
        this.network = network;
    }

    /** All steps so far, oldest first; a live read-only view. */
    public List<Entry> entries() {
        return Collections.unmodifiableList(entries);
    }

    /** All steps so far with this outcome. */
    public List<Entry> entries(Outcome outcome) {
        return entries.stream().filter(entry -> entry.outcome == outcome).toList();
    }

    /** How many steps so far had this outcome. */
    public int count(Outcome outcome) {
        return entries(outcome).size();
    }

    /** Forgets what has happened so far. */
    public void clear() {
        entries.clear();
    }

    /** Notes a step; for gateways. */
    public void note(Outcome outcome, String place, String note, Datagram datagram) {
        entries.add(new Entry(network.nowNanos(), outcome, place, note, datagram));
    }

    /** One line for each step. */
    @Override
    public String toString() {
        return entries.stream().map(Entry::toString).collect(Collectors.joining("\n"));
    }
}
