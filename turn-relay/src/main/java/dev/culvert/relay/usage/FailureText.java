package dev.culvert.relay.usage;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;

/** Why a file or an endpoint could not be used, in words. */
final class FailureText {
    private FailureText() {}

    static String of(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "its folder does not exist; make it, or name another one";
        }
        if (e instanceof AccessDeniedException) {
            return "this user may not write there; change its owner, or name another one";
        }
        if (e instanceof ConnectException) {
            return "cannot connect";
        }
        if (e instanceof FileSystemException system) {
            return Objects.requireNonNullElse(system.getReason(), system.toString());
        }
        return Objects.requireNonNullElse(e.getMessage(), e.toString());
    }
}
