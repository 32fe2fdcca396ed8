package dev.culvert.probe;

import java.util.Locale;

/** What carries a request. */
enum Transport {
    UDP,
    TCP,
    TLS;

    /** The name in URIs and reports. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
