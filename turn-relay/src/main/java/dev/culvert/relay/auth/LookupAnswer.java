package dev.culvert.relay.auth;

/** What a store of credentials answers. */
public sealed interface LookupAnswer {
    /**
     * The store knows the user.
     *
     * @param credential the user's, even where it has expired
     */
    record Found(Credential credential) implements LookupAnswer {}

    /** The store has no such user. */
    record Unknown() implements LookupAnswer {}

    /**
     * The store could not be asked, or did not answer in time.
     *
     * @param why for the log, without secrets
     */
    record Failed(String why) implements LookupAnswer {}
}
