package dev.culvert.relay.it;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What {@code /metrics} has told.
 *
 * @param text in Prometheus' text format
 */
record Scrape(String text) {
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /**
     * One number.
     *
     * @param name with the suffix that tells the parts of a histogram apart
     */
    record Sample(String name, Map<String, String> labels, double value) {}

    List<Sample> samples() {
        return text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(Scrape::sample)
                .toList();
    }

    private static Sample sample(String line) {
        Map<String, String> labels = new LinkedHashMap<>();
        Matcher matcher = LABEL.matcher(line);
        while (matcher.find()) {
            labels.put(matcher.group(1), matcher.group(2));
        }
        String value = line.substring(line.lastIndexOf(' ') + 1);
        return new Sample(line.split("[{ ]", 2)[0], labels, Double.parseDouble(value));
    }

    /** The names of all metrics as their types are told: a histogram has one. */
    Set<String> metrics() {
        return text.lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ")[2])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The names that a query can ask for: each part of a histogram has its own. */
    Set<String> names() {
        return samples().stream().map(Sample::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The sum of what has that name and those labels among others, written {@code name value name value}. */
    double sum(String name, String... labels) {
        return samples().stream()
                .filter(sample -> sample.name().equals(name))
                .filter(sample -> {
                    for (int i = 0; i < labels.length; i += 2) {
                        if (!labels[i + 1].equals(sample.labels().get(labels[i]))) {
                            return false;
                        }
                    }
                    return true;
                })
                .mapToDouble(Sample::value)
                .sum();
    }
}
