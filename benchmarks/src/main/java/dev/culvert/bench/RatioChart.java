package dev.culvert.bench;

import java.util.List;
import java.util.Locale;

/** Bars: how many times better servers are than another one, case by case. */
final class RatioChart {
    private static final int LEFT = 230;
    private static final int TOP = 56;
    private static final int BARS_WIDTH = 480;
    private static final int WIDTH = LEFT + BARS_WIDTH + 60;
    private static final int BAR = 11;
    private static final int GAP = 8;

    private RatioChart() {}

    /** @param reference the server whose bar would end at 1 */
    static String draw(List<Row> rows, List<String> contestants, String reference) {
        int rowHeight = BAR * contestants.size() + GAP;
        int height = TOP + rows.size() * rowHeight + 16;
        double most = rows.stream()
                .flatMap(row -> contestants.stream().filter(row::has).map(name -> row.ratio(name, reference)))
                .filter(Double::isFinite)
                .reduce(1.0, Math::max);
        double scale = BARS_WIDTH / Math.ceil(most);
        Svg svg = new Svg(WIDTH, height);
        svg.text(12, 20, "start", "Times better than " + reference + " (1 = the same)");
        for (int i = 0; i < contestants.size(); i++) {
            svg.bar(12 + i * 150, 30, BAR, BAR, Svg.colour(i));
            svg.text(28 + i * 150, 40, "start", contestants.get(i));
        }
        for (int tick = 0; tick <= Math.ceil(most); tick++) {
            svg.line(LEFT + tick * scale, TOP - 4, LEFT + tick * scale, height - 12, "#e5e7eb", 1);
        }
        for (int i = 0; i < rows.size(); i++) {
            row(svg, rows.get(i), TOP + i * rowHeight, contestants, reference, scale);
        }
        svg.line(LEFT + scale, TOP - 4, LEFT + scale, height - 12, "#6b7280", 2);
        return svg.toString();
    }

    private static void row(Svg svg, Row row, double top, List<String> contestants, String reference, double scale) {
        svg.text(LEFT - 8, top + BAR * (contestants.size() + 1) / 2.0 - 1, "end", row.shape() + ", " + row.name());
        for (int i = 0; i < contestants.size(); i++) {
            double ratio = row.ratio(contestants.get(i), reference);
            if (Double.isFinite(ratio)) {
                double y = top + i * BAR;
                svg.bar(LEFT, y, ratio * scale, BAR - 1, Svg.colour(i));
                svg.text(LEFT + ratio * scale + 4, y + BAR - 1, "start", String.format(Locale.ROOT, "%.2f", ratio));
            }
        }
    }
}
