package dev.culvert.relay.junit;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.core.SourceAddress;
import dev.culvert.server.io.ClientLink;
import dev.culvert.server.io.LoopService;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.util.Set;

/** What is lost on the way from clients to the server. Set by any thread. */
final class Disturbance {
    private volatile boolean losesData;
    private volatile boolean losesAll;
    private volatile Set<Integer> lostMethods = Set.of();

    void loseAll() {
        losesAll = true;
    }

    void loseData() {
        losesData = true;
    }

    void lose(Set<Integer> methods) {
        lostMethods = Set.copyOf(methods);
    }

    void end() {
        losesAll = false;
        losesData = false;
        lostMethods = Set.of();
    }

    /** {@code service} as far as anything reaches it. */
    LoopService before(LoopService service) {
        return new Lossy(service);
    }

    private boolean loses(int method) {
        return losesAll || lostMethods.contains(method);
    }

    private final class Lossy implements LoopService {
        private final LoopService service;
        private final StunMessage message = new StunMessage();

        private Lossy(LoopService service) {
            this.service = service;
        }

        @Override
        public int endpoint(Transport transport, TransportAddress local) {
            return service.endpoint(transport, local);
        }

        @Override
        public void onChannelData(int endpoint, SourceAddress client, ByteBuffer bytes, int offset, int lengthBytes) {
            if (!losesAll && !losesData) {
                service.onChannelData(endpoint, client, bytes, offset, lengthBytes);
            }
        }

        @Override
        public void onSendIndication(
                int endpoint, SourceAddress client, ByteBuffer bytes, int offset, int lengthBytes) {
            if (!losesAll && !losesData) {
                service.onSendIndication(endpoint, client, bytes, offset, lengthBytes);
            }
        }

        @Override
        public Malformation onMessage(ClientLink client, ByteBuffer bytes, int offset, int lengthBytes) {
            Malformation malformation = message.wrap(bytes, offset, lengthBytes);
            return malformation == Malformation.NONE && loses(message.method())
                    ? malformation
                    : service.onMessage(client, bytes, offset, lengthBytes);
        }

        @Override
        public boolean isInUse(FiveTuple flow) {
            return service.isInUse(flow);
        }

        @Override
        public void onConnectionClosed(FiveTuple flow) {
            service.onConnectionClosed(flow);
        }
    }
}
