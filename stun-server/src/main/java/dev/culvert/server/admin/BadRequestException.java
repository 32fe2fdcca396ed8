package dev.culvert.server.admin;

/** Thrown by a route: something in the request is no good. The message says what, and what would be right. */
public final class BadRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    public BadRequestException(String message) {
        super(message);
    }
}
