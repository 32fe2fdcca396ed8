package dev.culvert.probe;

/** An argument that cannot be used; the message says what was given, what is wrong and what would be right. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }
}
