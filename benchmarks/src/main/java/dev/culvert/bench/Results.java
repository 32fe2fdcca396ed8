package dev.culvert.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a run has found, as a table for people and as JSON. */
record Results(Settings settings, List<Contestant> contestants, Map<String, String> machine, List<Row> rows) {
    /** The one that the others are compared with: coturn, or the first. */
    private Contestant reference() {
        return contestants.stream().filter(Contestant::isCoturn).findFirst().orElse(contestants.get(0));
    }

    /** Whether every packet that arrived was what had been sent, and where it belongs. */
    boolean areSound() {
        return rows.stream()
                .flatMap(row -> contestants.stream().map(contestant -> row.counted(contestant.name())))
                .allMatch(count -> count.corrupted() == 0 && count.misdelivered() == 0);
    }

    /** Markdown. */
    String table() {
        StringBuilder table = new StringBuilder();
        String reference = reference().name();
        table.append("\n| shape | case | server | median | unit | packets/s of one core | ")
                .append(reference);
        table.append(" / it | core busy | generator busy | faults |\n");
        table.append("| --- | --- | --- | ---: | --- | ---: | ---: | ---: | ---: | --- |\n");
        for (Row row : rows) {
            for (Contestant contestant : contestants) {
                if (row.has(contestant.name())) {
                    table.append(line(row, contestant.name(), reference));
                }
            }
        }
        if (rows.stream().anyMatch(row -> contestants.stream().anyMatch(one -> row.isHeldUp(one.name())))) {
            table.append(
                    "\n\\* not the server held the load up, but the generator or others on this machine: its batches are smaller than they could be.\n");
        }
        return table.toString();
    }

    private static String line(Row row, String contestant, String reference) {
        double median = row.median(contestant);
        boolean isCpu = row.unit().equals(Row.CPU);
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |%n",
                row.shape(),
                row.name(),
                contestant,
                number(median),
                row.unit(),
                isCpu ? String.format(Locale.ROOT, "%,.0f", 1e6 / median) : "",
                row.has(reference) ? number(row.ratio(contestant, reference)) : "",
                percent(row.busy(contestant)) + (row.isHeldUp(contestant) ? "*" : ""),
                percent(row.generatorBusy(contestant)),
                row.counted(contestant).faults());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 1_000 ? "%.2f" : "%.0f", value);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    /** Writes table, JSON and charts into {@code directory}, which is made where it is missing. */
    void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        Files.writeString(directory.resolve("results.json"), json.writeValueAsString(json()) + "\n");
        Files.writeString(directory.resolve("table.md"), table().stripLeading());
        List<String> others = contestants.stream()
                .map(Contestant::name)
                .filter(name -> !name.equals(reference().name()))
                .toList();
        List<Row> compared = rows.stream()
                .filter(row -> row.has(reference().name()) && !row.shape().equals("growth"))
                .toList();
        if (!others.isEmpty() && !compared.isEmpty()) {
            String chart = RatioChart.draw(compared, others, reference().name());
            Files.writeString(directory.resolve("ratios.svg"), chart);
        }
        List<Row> growth =
                rows.stream().filter(row -> row.shape().equals("growth")).toList();
        if (growth.size() > 1) {
            List<String> names = contestants.stream().map(Contestant::name).toList();
            Files.writeString(directory.resolve("growth.svg"), GrowthChart.draw(growth, names));
        }
    }

    private Map<String, Object> json() {
        Map<String, Object> commands = new LinkedHashMap<>();
        for (Contestant contestant : contestants) {
            commands.put(contestant.name(), contestant.commands());
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("machine", machine);
        result.put("rounds", settings.rounds());
        result.put("secondsPerRound", settings.measured().toMillis() / 1e3);
        result.put("warmUpSeconds", settings.warmUp().toMillis() / 1e3);
        result.put("servers", commands);
        result.put("comparedWith", reference().name());
        result.put("rows", rows.stream().map(this::json).toList());
        return result;
    }

    private Map<String, Object> json(Row row) {
        Map<String, Object> servers = new LinkedHashMap<>();
        for (Contestant contestant : contestants) {
            if (row.has(contestant.name())) {
                servers.put(contestant.name(), json(row, contestant.name()));
            }
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("shape", row.shape());
        result.put("case", row.name());
        result.put("unit", row.unit());
        result.put("servers", servers);
        return result;
    }

    private Map<String, Object> json(Row row, String contestant) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("median", row.median(contestant));
        result.put(
                "ratio",
                row.has(reference().name()) ? row.ratio(contestant, reference().name()) : 1);
        result.put("heldUp", row.isHeldUp(contestant));
        result.put("samples", row.samples().get(contestant));
        return result;
    }
}
