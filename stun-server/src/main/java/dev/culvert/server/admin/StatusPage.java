package dev.culvert.server.admin;

import dev.culvert.server.admin.ServerState.Series;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/** The page at {@code /}: is it up, where does it listen, what has it counted. */
final class StatusPage {
    private static final String STYLE = "body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;"
            + "padding:0 1rem;color-scheme:light dark}table{border-collapse:collapse}td{padding:.1rem 1rem .1rem 0}"
            + "td.n{text-align:right;font-variant-numeric:tabular-nums}";

    private StatusPage() {}

    static String render(ServerState state) {
        StringBuilder page = new StringBuilder(4096);
        page.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width\"><title>Culvert</title><style>")
                .append(STYLE)
                .append("</style></head><body><h1>Culvert ")
                .append(escaped(Version.text()))
                .append("</h1><p>")
                .append(state.isReady() ? "Ready" : "Not ready")
                .append(", up for ")
                .append(uptime())
                .append(". <a href=\"/metrics\">Metrics</a></p><h2>Listening</h2><ul>");
        state.listening()
                .forEach(listener ->
                        page.append("<li>").append(escaped(listener)).append("</li>"));
        page.append("</ul><h2>Since the start</h2><table>");
        state.counters().forEach((series, value) -> page.append(row(series, value)));
        return page.append("</table></body></html>\n").toString();
    }

    private static String row(Series series, long value) {
        String name = series.name().replace('_', ' ');
        return "<tr><td>" + escaped(series.transport()) + "</td><td>" + escaped(name) + "</td><td class=\"n\">" + value
                + "</td></tr>";
    }

    private static String uptime() {
        Duration up = Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
        return "%d d %d h %d min %d s".formatted(up.toDays(), up.toHoursPart(), up.toMinutesPart(), up.toSecondsPart());
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
