package dev.culvert.relay.convert;

import dev.culvert.server.config.ServerSettings;
import java.util.List;

/** What is told about the server: metrics and logs. */
final class AdminConversion {
    private static final int PROMETHEUS_PORT = 9641;

    private AdminConversion() {}

    static void convert(CoturnFile in, Draft draft) {
        int port = in.number("prometheus-port", 1, 0xFFFF, PROMETHEUS_PORT);
        if (in.isOn("prometheus")) {
            draft.put(
                    ServerSettings.ADMIN,
                    List.of("127.0.0.1:" + port),
                    in.lines("prometheus", "prometheus-port"),
                    "/metrics is here, with other names, on this host alone: for a Prometheus elsewhere give an address"
                            + " of this host, and admin-token-file.");
        }
        draft.remark(
                in.lines("prometheus", "prometheus-port"), "metrics are always at admin, 127.0.0.1:9641 by default");
        if (in.isOn("Verbose")) {
            draft.put(ServerSettings.LOG_LEVEL, List.of("debug"), in.lines("Verbose", "verbose"));
        }
        draft.remark(
                in.lines("Verbose", "verbose"),
                "each allocation has its lines at log-level info, which is the default");
    }
}
