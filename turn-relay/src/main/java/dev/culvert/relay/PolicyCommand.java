package dev.culvert.relay;

import dev.culvert.relay.config.OwnAddresses;
import dev.culvert.relay.config.TurnSettings;
import dev.culvert.relay.policy.PeerDecision;
import dev.culvert.relay.policy.PeerPolicy;
import dev.culvert.relay.policy.RelayPorts;
import dev.culvert.server.ProgramCommand;
import dev.culvert.server.config.Problem;
import dev.culvert.server.config.ServerSettings;
import dev.culvert.server.config.Setting;
import dev.culvert.server.config.Values;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code turn-relay policy ADDR:PORT}: whether a peer would be relayed to, and which rule decides. */
final class PolicyCommand implements ProgramCommand {
    private static final int ALLOWED = 0;
    private static final int DENIED = 1;
    private static final String LABEL = "ADDR:PORT";

    @Override
    public String name() {
        return "policy";
    }

    @Override
    public String description() {
        return "Tell whether this peer would be relayed to, and which rule decides.";
    }

    @Override
    public List<Setting<?>> settings() {
        return TurnSettings.ALL.all();
    }

    @Override
    public void define(CommandSpec spec) {
        spec.addPositional(PositionalParamSpec.builder()
                .index("0")
                .arity("1")
                .required(true)
                .paramLabel(LABEL)
                .type(String.class)
                .description("Address and port of the peer; an IPv6 address stands in brackets.")
                .build());
        spec.usageMessage()
                .footer(
                        "",
                        "One line tells the decision. Which relay ports a running server has open is not known here:",
                        "it relays to those, though this tells them as any other port of their address.",
                        "Exit codes: 0 allowed, 1 denied, 2 something given is wrong.");
    }

    @Override
    public Action bind(ParseResult parsed, Values values) {
        String text = parsed.matchedPositionalValue(0, "");
        Optional<TransportAddress> peer = TransportAddress.parse(text);
        if (peer.isEmpty() && !text.isEmpty()) {
            values.note(new Problem(
                    LABEL,
                    text,
                    "not an address and a port",
                    "write for example 192.0.2.7:5060 or [2001:db8::7]:5060; names are not looked up"));
        }
        PeerPolicy policy = new PeerPolicy(TurnSettings.peerRules(values), ownAddresses(values), new NoRelayPorts());
        return out -> {
            PeerDecision decision = policy.decide(peer.orElseThrow());
            out.println(decision);
            return decision.isAllowed() ? ALLOWED : DENIED;
        };
    }

    private static Set<IpAddress> ownAddresses(Values values) {
        try {
            return OwnAddresses.of(
                    values.all(ServerSettings.LISTEN),
                    values.all(ServerSettings.ALTERNATE_ADDRESS),
                    TurnSettings.addresses(values));
        } catch (SocketException e) {
            values.note(new Problem("this host", "", "does not tell its addresses (" + e.getMessage() + ")", ""));
            return Set.of();
        }
    }

    /** No server runs here. */
    private static final class NoRelayPorts implements RelayPorts {
        @Override
        public boolean areOn(IpAddress own) {
            return false;
        }

        @Override
        public boolean isLive(IpAddress own, int port) {
            return false;
        }
    }
}
