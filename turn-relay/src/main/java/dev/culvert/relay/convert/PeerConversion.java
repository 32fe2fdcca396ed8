package dev.culvert.relay.convert;

import dev.culvert.relay.config.TurnSettings;
import dev.culvert.relay.policy.IpPrefix;
import dev.culvert.server.config.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which peers are relayed to. */
final class PeerConversion {
    private static final String ALLOWED = "allowed-peer-ip";
    private static final String DENIED = "denied-peer-ip";

    private final CoturnFile in;
    private final Draft draft;

    private PeerConversion(CoturnFile in, Draft draft) {
        this.in = in;
        this.draft = draft;
    }

    static void convert(CoturnFile in, Draft draft) {
        new PeerConversion(in, draft).convert();
    }

    private void convert() {
        List<AddressRange> allowed = ranges(ALLOWED);
        // There an address that is both is allowed, here the longer prefix wins: no address may be both.
        List<AddressRange> denied = ranges(DENIED);
        for (AddressRange range : allowed) {
            denied = denied.stream()
                    .flatMap(each -> each.without(range).stream())
                    .toList();
        }
        put(
                TurnSettings.ALLOW_PEER,
                allowed,
                ALLOWED,
                "these are relayed to although some may not be globally reachable.");
        put(
                TurnSettings.DENY_PEER,
                denied,
                DENIED,
                "a range becomes prefixes, without what allowed-peer-ip holds of it.");
        draft.remark(in.lines(DENIED), "every address of it is allowed by allowed-peer-ip too, which wins in coturn");
        draft.difference("coturn relays to private addresses unless denied-peer-ip holds them; here peers that are not"
                + " globally reachable are denied, and this server itself. Where relaying into your own network is"
                + " wanted, give allow-peer its prefix; turn-relay policy tells what is decided.");
    }

    private List<AddressRange> ranges(String name) {
        return in.lines(name).stream()
                .map(line -> in.parse(line, AddressRange::parse))
                .flatMap(Optional::stream)
                .toList();
    }

    private void put(Setting<?> setting, List<AddressRange> ranges, String name, String change) {
        List<String> prefixes = new ArrayList<>();
        for (AddressRange range : ranges) {
            range.prefixes().stream()
                    .map(IpPrefix::toString)
                    .filter(text -> !prefixes.contains(text))
                    .forEach(prefixes::add);
        }
        if (!prefixes.isEmpty()) {
            draft.put(setting, prefixes, in.lines(name), change);
        }
    }
}
