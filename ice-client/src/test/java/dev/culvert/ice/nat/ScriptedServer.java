package dev.culvert.ice.nat;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ChangeRequest;
import dev.culvert.stun.attribute.ChangedAddress;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.OtherAddress;
import dev.culvert.stun.attribute.Padding;
import dev.culvert.stun.attribute.ResponsePort;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.testkit.net.SimulatedHost;
import dev.culvert.testkit.net.SimulatedNetwork;
import dev.culvert.testkit.net.SimulatedSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A server with two addresses and two ports that answers as told, right or wrong. */
final class ScriptedServer {
    static final TransportAddress A1P1 =
            TransportAddress.parse("198.51.100.1:3478").orElseThrow();
    static final TransportAddress A2P2 =
            TransportAddress.parse("198.51.100.2:3479").orElseThrow();

    private final List<SimulatedSocket> sockets = new ArrayList<>();
    private @Nullable TransportAddress otherAddress = A2P2;
    private @Nullable TransportAddress laterOtherAddress;
    private boolean withMappedAddress = true;
    private boolean classic;
    private boolean refusesChanges;
    private PaddingRule padding = PaddingRule.IGNORED;
    private ResponsePortRule responsePort = ResponsePortRule.KEPT;
    private UnaryOperator<TransportAddress> view = UnaryOperator.identity();
    private Source source = (asked, change) -> Optional.of(changed(asked, change));

    /** What becomes of RESPONSE-PORT (RFC 5780 §7.5). */
    enum ResponsePortRule {
        KEPT,
        /** 420, as it is owed for an attribute that is not known. */
        REFUSED,
        /** The answer goes to where the request came from. */
        IGNORED,
        /** No answer at all. */
        DROPPED
    }

    /** What becomes of PADDING (RFC 5780 §7.6). */
    enum PaddingRule {
        /** The answer has as much. */
        KEPT,
        IGNORED,
        /** No answer, as if its fragments were lost. */
        DROPPED
    }

    /** Decides where an answer leaves from, and whether there is one. */
    @FunctionalInterface
    interface Source {
        Optional<TransportAddress> of(TransportAddress asked, ChangeRequest change);
    }

    /** The one of the four addresses that {@code change} asks for. */
    static TransportAddress changed(TransportAddress asked, ChangeRequest change) {
        boolean firstIp = asked.ip().equals(A1P1.ip()) != change.changeIp();
        boolean firstPort = (asked.port() == A1P1.port()) != change.changePort();
        return new TransportAddress(firstIp ? A1P1.ip() : A2P2.ip(), firstPort ? A1P1.port() : A2P2.port());
    }

    ScriptedServer(SimulatedNetwork network) {
        this(network.internet().host("server", "198.51.100.1", "198.51.100.2"));
    }

    /** A server without a second address. */
    static ScriptedServer plain(SimulatedHost host) {
        return new ScriptedServer(host).saying(null).answeringFrom((asked, change) -> Optional.of(asked));
    }

    private ScriptedServer(SimulatedHost host) {
        for (int port : new int[] {3478, 3479}) {
            sockets.add(host.open(port).onDatagram((local, remote, payload, now) -> answer(local, remote, payload)));
        }
    }

    ScriptedServer saying(@Nullable TransportAddress other) {
        otherAddress = other;
        return this;
    }

    /** Another OTHER-ADDRESS in every answer but the first. */
    ScriptedServer sayingLater(@Nullable TransportAddress other) {
        laterOtherAddress = other;
        return this;
    }

    /** Error 500 to each request that asks for a changed answer, from where it was to come. */
    ScriptedServer refusingChanges() {
        refusesChanges = true;
        return this;
    }

    /** Tells another mapped address than the one that it sees. */
    ScriptedServer seeing(UnaryOperator<TransportAddress> newView) {
        view = newView;
        return this;
    }

    ScriptedServer answeringFrom(Source newSource) {
        source = newSource;
        return this;
    }

    ScriptedServer with(ResponsePortRule rule) {
        responsePort = rule;
        return this;
    }

    ScriptedServer with(PaddingRule rule) {
        padding = rule;
        return this;
    }

    /** Speaks as RFC 3489 has it: CHANGED-ADDRESS in place of OTHER-ADDRESS. */
    ScriptedServer classic() {
        classic = true;
        return this;
    }

    ScriptedServer withoutMappedAddress() {
        withMappedAddress = false;
        return this;
    }

    private void answer(InetSocketAddress local, InetSocketAddress remote, ByteBuffer payload) {
        StunMessage request = new StunMessage();
        if (request.wrap(payload) != Malformation.NONE) {
            return;
        }
        Optional<ResponsePort> otherPort = request.get(ResponsePort.TYPE);
        if (otherPort.isPresent()) {
            answerElsewhere(request, local, remote, otherPort.get().port());
            return;
        }
        Optional<Padding> asked = request.get(Padding.TYPE);
        if (asked.isPresent() && padding == PaddingRule.DROPPED) {
            return;
        }
        ChangeRequest change = request.get(ChangeRequest.TYPE).orElse(new ChangeRequest(false, false));
        source.of(TransportAddress.of(local), change).ifPresent(from -> {
            List<Attribute> attributes = new ArrayList<>();
            if (withMappedAddress) {
                attributes.add(new XorMappedAddress(view.apply(TransportAddress.of(remote))));
            }
            if (otherAddress != null) {
                attributes.add(classic ? new ChangedAddress(otherAddress) : new OtherAddress(otherAddress));
            }
            if (laterOtherAddress != null) {
                otherAddress = laterOtherAddress;
            }
            if (padding == PaddingRule.KEPT) {
                asked.ifPresent(attributes::add);
            }
            boolean refused = refusesChanges && (change.changeIp() || change.changePort());
            if (refused) {
                attributes.add(ErrorCode.of(500));
            }
            send(
                    request,
                    refused ? MessageClass.ERROR_RESPONSE : MessageClass.SUCCESS_RESPONSE,
                    from,
                    remote,
                    attributes);
        });
    }

    private void answerElsewhere(StunMessage request, InetSocketAddress local, InetSocketAddress remote, int port) {
        TransportAddress from = TransportAddress.of(local);
        XorMappedAddress mapped = new XorMappedAddress(view.apply(TransportAddress.of(remote)));
        switch (responsePort) {
            case KEPT ->
                send(
                        request,
                        MessageClass.SUCCESS_RESPONSE,
                        from,
                        new InetSocketAddress(remote.getAddress(), port),
                        List.of(mapped));
            case IGNORED -> send(request, MessageClass.SUCCESS_RESPONSE, from, remote, List.of(mapped));
            case REFUSED -> send(request, MessageClass.ERROR_RESPONSE, from, remote, List.of(ErrorCode.of(420)));
            case DROPPED -> {}
        }
    }

    private void send(
            StunMessage request,
            MessageClass messageClass,
            TransportAddress from,
            InetSocketAddress remote,
            List<? extends Attribute> attributes) {
        ByteBuffer bytes = ByteBuffer.allocate(2000);
        StunWriter writer = new StunWriter().beginReply(bytes, messageClass, request);
        attributes.forEach(writer::add);
        byte[] reply = new byte[bytes.flip().remaining()];
        bytes.get(reply);
        SimulatedSocket socket = sockets.get(from.port() == 3478 ? 0 : 1);
        socket.send(from.ip().toInetAddress(), remote, reply);
    }
}
