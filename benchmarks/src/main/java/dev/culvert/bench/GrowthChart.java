package dev.culvert.bench;

import java.util.List;
import java.util.Locale;

/** Lines: what a packet costs with more and more allocations. */
final class GrowthChart {
    private static final int LEFT = 60;
    private static final int TOP = 56;
    private static final int PLOT_WIDTH = 560;
    private static final int PLOT_HEIGHT = 240;
    private static final int WIDTH = LEFT + PLOT_WIDTH + 40;
    private static final int HEIGHT = TOP + PLOT_HEIGHT + 40;

    private GrowthChart() {}

    static String draw(List<Row> rows, List<String> contestants) {
        double most = rows.stream()
                .flatMap(row -> contestants.stream().filter(row::has).map(row::median))
                .filter(Double::isFinite)
                .reduce(1.0, Math::max);
        double scale = PLOT_HEIGHT / Math.ceil(most);
        Svg svg = new Svg(WIDTH, HEIGHT);
        svg.text(12, 20, "start", "CPU-µs per packet at one even rate, all allocations with traffic");
        for (int tick = 0; tick <= Math.ceil(most); tick += 2) {
            double y = TOP + PLOT_HEIGHT - tick * scale;
            svg.line(LEFT, y, LEFT + PLOT_WIDTH, y, "#e5e7eb", 1);
            svg.text(LEFT - 8, y + 4, "end", String.format(Locale.ROOT, "%d", tick));
        }
        for (int i = 0; i < rows.size(); i++) {
            svg.text(x(i, rows), TOP + PLOT_HEIGHT + 20, "middle", rows.get(i).name());
        }
        for (int i = 0; i < contestants.size(); i++) {
            svg.bar(LEFT + i * 150, 30, 11, 11, Svg.colour(i));
            svg.text(LEFT + 16 + i * 150, 40, "start", contestants.get(i));
            series(svg, rows, contestants.get(i), Svg.colour(i), scale);
        }
        return svg.toString();
    }

    private static void series(Svg svg, List<Row> rows, String contestant, String colour, double scale) {
        for (int i = 0; i < rows.size(); i++) {
            double y = TOP + PLOT_HEIGHT - rows.get(i).median(contestant) * scale;
            svg.dot(x(i, rows), y, colour);
            if (i > 0) {
                double before = TOP + PLOT_HEIGHT - rows.get(i - 1).median(contestant) * scale;
                svg.line(x(i - 1, rows), before, x(i, rows), y, colour, 2);
            }
        }
    }

    private static double x(int index, List<Row> rows) {
        return LEFT + PLOT_WIDTH * (index + 0.5) / rows.size();
    }
}
