package dev.culvert.ice.sip;

/** What a request asks for (RFC 3261 §7.1). */
public enum SipMethod {
    OPTIONS,
    /** With SDP, as a call begins. */
    INVITE
}
