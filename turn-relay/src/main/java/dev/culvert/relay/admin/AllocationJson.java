package dev.culvert.relay.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culvert.relay.core.AllocationIds;
import dev.culvert.relay.core.AllocationView;
import dev.culvert.relay.core.AllocationView.Traffic;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** How an allocation is shown. */
final class AllocationJson {
    private AllocationJson() {}

    static ObjectNode shown(AllocationView allocation) {
        ObjectNode shown = JsonNodeFactory.instance.objectNode();
        shown.put("id", AllocationIds.text(allocation.id()))
                .put("user", allocation.userId())
                .put("username", allocation.username())
                .put("transport", allocation.flow().transport().name().toLowerCase(Locale.ROOT))
                .put("client", allocation.flow().remote().toString())
                .put("server", allocation.flow().local().toString());
        ArrayNode relayed = shown.putArray("relayed");
        allocation.relayed().forEach(address -> relayed.add(address.toString()));
        shown.put("ageSeconds", TimeUnit.NANOSECONDS.toSeconds(allocation.ageNanos()))
                .put("leftSeconds", TimeUnit.NANOSECONDS.toSeconds(allocation.leftNanos()))
                .put("permissions", allocation.permissions())
                .put("channels", allocation.channels());
        put(shown, allocation.traffic());
        return shown;
    }

    static void put(ObjectNode into, Traffic traffic) {
        into.put("bytesToPeers", traffic.bytesToPeers())
                .put("packetsToPeers", traffic.packetsToPeers())
                .put("bytesToClient", traffic.bytesToClient())
                .put("packetsToClient", traffic.packetsToClient());
    }

    static Traffic sum(Traffic one, Traffic other) {
        return new Traffic(
                one.bytesToPeers() + other.bytesToPeers(),
                one.packetsToPeers() + other.packetsToPeers(),
                one.bytesToClient() + other.bytesToClient(),
                one.packetsToClient() + other.packetsToClient());
    }
}
