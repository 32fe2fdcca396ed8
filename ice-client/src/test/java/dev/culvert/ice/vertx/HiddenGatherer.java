package dev.culvert.ice.vertx;

import dev.culvert.ice.gather.AddressPolicy;
import io.vertx.core.Vertx;
import java.io.IOException;

/** Gathers host candidates with hidden addresses, tells the names, and holds them until its standard input ends. */
final class HiddenGatherer {
    private HiddenGatherer() {}

    public static void main(String[] arguments) throws IOException {
        Vertx vertx = Vertx.vertx();
        IceGatheringOptions options = IceGatheringOptions.builder()
                .gather(core -> core.addresses(AddressPolicy.all().withHiddenAddresses()))
                .build();
        IceGathering gathering = IceGathering.start(vertx, options, event -> System.out.println("event " + event));
        gathering.complete().await();
        gathering.multicastNames().await().forEach((ip, name) -> System.out.println("name " + name + " " + ip));
        System.out.println("ready");
        System.in.readAllBytes();
        gathering.close();
        gathering.closed().await();
        vertx.close().await();
    }
}
