package dev.culvert.bench;

/** Traffic for one server. Owned by the generator's thread: every method is called there. */
interface Load {
    void start();

    /** Sends nothing new; what is on its way still counts. */
    void stop();

    /** Gives up what has been on its way for too long; called now and then while this load is the running one. */
    void expire(long nowNanos);

    Tally tally();
}
