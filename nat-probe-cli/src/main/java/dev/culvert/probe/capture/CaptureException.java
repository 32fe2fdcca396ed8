package dev.culvert.probe.capture;

import java.io.IOException;

/** A capture file that cannot be read; the message says why. */
public final class CaptureException extends IOException {
    private static final long serialVersionUID = 1;

    CaptureException(String message) {
        super(message);
    }
}
