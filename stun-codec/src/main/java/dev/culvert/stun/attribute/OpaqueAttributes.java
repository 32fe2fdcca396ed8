package dev.culvert.stun.attribute;

import dev.culvert.stun.AttributeType;
import java.util.List;

/** The attributes of the IANA registry without a published form: vendors' own, and two that TURN dropped as a draft. */
public final class OpaqueAttributes {
    public static final AttributeType<OpaqueAttribute> BANDWIDTH = OpaqueAttribute.type(0x0010, "BANDWIDTH");
    public static final AttributeType<OpaqueAttribute> TIMER_VAL = OpaqueAttribute.type(0x0021, "TIMER-VAL");
    public static final AttributeType<OpaqueAttribute> CISCO_STUN_FLOWDATA =
            OpaqueAttribute.type(0xC000, "CISCO-STUN-FLOWDATA");
    public static final AttributeType<OpaqueAttribute> ENF_FLOW_DESCRIPTION =
            OpaqueAttribute.type(0xC001, "ENF-FLOW-DESCRIPTION");
    public static final AttributeType<OpaqueAttribute> ENF_NETWORK_STATUS =
            OpaqueAttribute.type(0xC002, "ENF-NETWORK-STATUS");
    public static final AttributeType<OpaqueAttribute> GOOG_NETWORK_INFO =
            OpaqueAttribute.type(0xC057, "GOOG-NETWORK-INFO");
    public static final AttributeType<OpaqueAttribute> GOOG_LAST_ICE_CHECK_RECEIVED =
            OpaqueAttribute.type(0xC058, "GOOG-LAST-ICE-CHECK-RECEIVED");
    public static final AttributeType<OpaqueAttribute> GOOG_MISC_INFO = OpaqueAttribute.type(0xC059, "GOOG-MISC-INFO");
    public static final AttributeType<OpaqueAttribute> GOOG_OBSOLETE_1 =
            OpaqueAttribute.type(0xC05A, "GOOG-OBSOLETE-1");
    public static final AttributeType<OpaqueAttribute> GOOG_CONNECTION_ID =
            OpaqueAttribute.type(0xC05B, "GOOG-CONNECTION-ID");
    public static final AttributeType<OpaqueAttribute> GOOG_DELTA = OpaqueAttribute.type(0xC05C, "GOOG-DELTA");
    public static final AttributeType<OpaqueAttribute> GOOG_DELTA_ACK = OpaqueAttribute.type(0xC05D, "GOOG-DELTA-ACK");
    public static final AttributeType<OpaqueAttribute> GOOG_MESSAGE_INTEGRITY_32 =
            OpaqueAttribute.type(0xC060, "GOOG-MESSAGE-INTEGRITY-32");
    public static final AttributeType<OpaqueAttribute> DTLS_IN_STUN = OpaqueAttribute.type(0xC070, "DTLS-IN-STUN");
    public static final AttributeType<OpaqueAttribute> DTLS_IN_STUN_ACKNOWLEDGEMENT =
            OpaqueAttribute.type(0xC071, "DTLS-IN-STUN-ACKNOWLEDGEMENT");

    private static final List<AttributeType<OpaqueAttribute>> ALL = List.of(
            BANDWIDTH,
            TIMER_VAL,
            CISCO_STUN_FLOWDATA,
            ENF_FLOW_DESCRIPTION,
            ENF_NETWORK_STATUS,
            GOOG_NETWORK_INFO,
            GOOG_LAST_ICE_CHECK_RECEIVED,
            GOOG_MISC_INFO,
            GOOG_OBSOLETE_1,
            GOOG_CONNECTION_ID,
            GOOG_DELTA,
            GOOG_DELTA_ACK,
            GOOG_MESSAGE_INTEGRITY_32,
            DTLS_IN_STUN,
            DTLS_IN_STUN_ACKNOWLEDGEMENT);

    private OpaqueAttributes() {}

    /** Every one of them, in the order of their numbers. */
    public static List<AttributeType<OpaqueAttribute>> all() {
        return ALL;
    }
}
