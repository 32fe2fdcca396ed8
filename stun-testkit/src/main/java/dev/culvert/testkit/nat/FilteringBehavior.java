package dev.culvert.testkit.nat;

/** Which remote endpoints may send to a mapping (RFC 4787 §5). */
public enum FilteringBehavior {
    /** All. */
    ENDPOINT_INDEPENDENT,
    /** Those whose address was sent to. */
    ADDRESS_DEPENDENT,
    /** Those whose address and port were sent to. */
    ADDRESS_AND_PORT_DEPENDENT
}
