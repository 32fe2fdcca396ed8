/** STUN, TURN and ICE gathering as a client: cores by hand, and shells on Vert.x. */
module dev.culvert.ice {
    requires java.xml;
    requires static org.jspecify;
    requires transitive dev.culvert.stun;
    requires transitive io.vertx.core;
    requires io.netty.handler;
    requires io.netty.transport;

    exports dev.culvert.ice;
    exports dev.culvert.ice.check;
    exports dev.culvert.ice.diagnosis;
    exports dev.culvert.ice.gather;
    exports dev.culvert.ice.nat;
    exports dev.culvert.ice.portmap;
    exports dev.culvert.ice.resolution;
    exports dev.culvert.ice.sdp;
    exports dev.culvert.ice.sip;
    exports dev.culvert.ice.turn;
    exports dev.culvert.ice.vertx;
}
