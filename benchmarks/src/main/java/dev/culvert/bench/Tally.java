package dev.culvert.bench;

/** What became of the packets of a load. Mutable, owned by the generator's thread; others get a {@link Count}. */
final class Tally {
    long delivered;
    long lost;
    long late;
    long duplicated;
    long corrupted;
    long misdelivered;
    long reordered;

    /**
     * A tally at one moment, or the difference of two.
     *
     * @param delivered arrived once, whole, where they belong; for requests: answered as they should be
     * @param lost not arrived within {@link Flow#LOST_AFTER}
     * @param late arrived after they were counted as lost
     * @param duplicated arrived once more
     * @param corrupted arrived with other bytes than were sent, or are nothing that was sent
     * @param misdelivered arrived whole, where they do not belong or from where they do not come
     * @param reordered arrived behind a packet of their flow that was sent later; delivered nevertheless
     */
    record Count(
            long delivered, long lost, long late, long duplicated, long corrupted, long misdelivered, long reordered) {
        Count since(Count earlier) {
            return new Count(
                    delivered - earlier.delivered,
                    lost - earlier.lost,
                    late - earlier.late,
                    duplicated - earlier.duplicated,
                    corrupted - earlier.corrupted,
                    misdelivered - earlier.misdelivered,
                    reordered - earlier.reordered);
        }

        Count plus(Count other) {
            return new Count(
                    delivered + other.delivered,
                    lost + other.lost,
                    late + other.late,
                    duplicated + other.duplicated,
                    corrupted + other.corrupted,
                    misdelivered + other.misdelivered,
                    reordered + other.reordered);
        }

        /** What went wrong, in words; {@code none} where nothing did. */
        String faults() {
            StringBuilder words = new StringBuilder();
            append(words, lost, "lost");
            append(words, late, "late");
            append(words, duplicated, "duplicated");
            append(words, corrupted, "corrupted");
            append(words, misdelivered, "misdelivered");
            append(words, reordered, "reordered");
            return words.isEmpty() ? "none" : words.toString();
        }

        private static void append(StringBuilder words, long count, String what) {
            if (count > 0) {
                words.append(words.isEmpty() ? "" : ", ")
                        .append(count)
                        .append(' ')
                        .append(what);
            }
        }
    }

    Count count() {
        return new Count(delivered, lost, late, duplicated, corrupted, misdelivered, reordered);
    }
}
