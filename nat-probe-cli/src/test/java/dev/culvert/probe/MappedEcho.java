package dev.culvert.probe;

import dev.culvert.ice.gather.Candidate;
import dev.culvert.ice.gather.GatherEvent;
import dev.culvert.ice.sdp.CandidateAttribute;
import dev.culvert.ice.vertx.GatherFailureText;
import dev.culvert.ice.vertx.IceGathering;
import dev.culvert.ice.vertx.IceGatheringOptions;
import dev.culvert.ice.vertx.PortMappingOptions;
import dev.culvert.ice.vertx.RouterMappings;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A program that gathers mapped candidates and sends back what comes to them, until its input ends. */
final class MappedEcho {
    private MappedEcho() {}

    /** Prints the candidates, {@code ready}, and {@code closed} at the end. */
    public static void main(String[] args) throws IOException {
        Vertx vertx = Vertx.vertx();
        IceGatheringOptions options = IceGatheringOptions.builder()
                .mapping(new RouterMappings(vertx, PortMappingOptions.defaults()))
                .build();
        IceGathering gathering = IceGathering.start(vertx, options, MappedEcho::tell);
        gathering.dataHandler((local, from, data) -> gathering.send(
                local, from, ByteBuffer.allocate(data.remaining()).put(data).flip()));
        for (Candidate candidate : gathering.complete().await()) {
            System.out.println("a=" + CandidateAttribute.format(candidate));
        }
        System.out.println("ready");

        while (System.in.read() >= 0) {
            // Until the end.
        }
        gathering.close();
        gathering.closed().await();
        vertx.close().await();
        System.out.println("closed");
    }

    private static void tell(GatherEvent event) {
        if (event instanceof GatherEvent.Failed failed) {
            System.out.println(failed.source() + ": " + GatherFailureText.of(failed.failure()));
        }
    }
}
