package dev.culvert.ice.vertx;

import dev.culvert.ice.resolution.Resolver;
import dev.culvert.ice.resolution.ServiceRecord;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.util.List;
import java.util.function.Consumer;

/** Knows one service, and no other name but that of its host. */
record OneService(String name, TransportAddress address) implements Resolver {
    private static final String HOST = "host.example.net";

    @Override
    public void addresses(String host, Consumer<List<IpAddress>> answer) {
        answer.accept(host.equals(HOST) ? List.of(address.ip()) : List.of());
    }

    @Override
    public void services(String asked, Consumer<List<ServiceRecord>> answer) {
        answer.accept(asked.equals(name) ? List.of(new ServiceRecord(0, 0, address.port(), HOST)) : List.of());
    }
}
