package dev.culvert.server.config;

/** Thrown by a {@link Setting.Parser}: the text is no value of this setting. */
public final class InvalidValueException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String wrong;
    private final String right;

    /**
     * @param wrong what is wrong with the text, which need not repeat it
     * @param right what would be right
     */
    public InvalidValueException(String wrong, String right) {
        super(wrong);
        this.wrong = wrong;
        this.right = right;
    }

    /** What is wrong. */
    public String wrong() {
        return wrong;
    }

    /** What would be right. */
    public String right() {
        return right;
    }
}
