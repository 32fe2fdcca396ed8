/** STUN and TURN on the wire, by hand. */
module dev.culvert.stun {
    requires static org.jspecify;

    exports dev.culvert.stun;
    exports dev.culvert.stun.attribute;
    exports dev.culvert.stun.integrity;
}
