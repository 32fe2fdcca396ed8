package dev.culvert.ice.vertx;

import dev.culvert.ice.turn.TurnFailure;

/** Why the TURN server did not do what it was asked; the message is one line for people and says what mends it. */
public final class TurnException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient TurnFailure failure;

    /**
     * The failure in words.
     *
     * @param server as people call it: its address, or its URI
     * @param asked what the server did not do, for example {@code allocate}
     */
    public TurnException(String server, String asked, TurnFailure failure) {
        super(server + " did not " + asked + ": " + TurnFailureText.of(failure));
        this.failure = failure;
    }

    /** What went wrong, for programs. */
    public TurnFailure failure() {
        return failure;
    }
}
