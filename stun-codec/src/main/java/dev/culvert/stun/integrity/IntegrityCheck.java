package dev.culvert.stun.integrity;

/** What came of checking a message's integrity. */
public enum IntegrityCheck {
    /** The message does not carry the attribute. */
    ABSENT,
    /** The message was protected by the same key, and nothing up to the attribute has changed. */
    VALID,
    /** The key is another, or the message has changed, or the attribute has a length that is not accepted. */
    INVALID
}
