package dev.culvert.probe;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Words that were likely meant to be others. */
final class Misspelling {
    private static final int MAX_EDITS = 2;

    private Misspelling() {}

    /** The one of {@code words} that {@code word} is nearest to; empty where it is near none. */
    static Optional<String> of(String word, Collection<String> words) {
        return words.stream()
                .filter(each -> edits(word, each) <= Math.min(MAX_EDITS, each.length() / 2))
                .min(Comparator.comparingInt(each -> edits(word, each)));
    }

    /** How many letters must be put in, taken out or replaced to make {@code to} of {@code from}. */
    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
