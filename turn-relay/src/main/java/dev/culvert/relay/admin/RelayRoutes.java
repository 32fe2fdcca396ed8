package dev.culvert.relay.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culvert.relay.core.AllocationIds;
import dev.culvert.relay.core.AllocationView;
import dev.culvert.relay.core.Ledger;
import dev.culvert.relay.policy.AddressReading;
import dev.culvert.relay.policy.PeerDecision;
import dev.culvert.server.admin.AdminAnswer;
import dev.culvert.server.admin.AdminRequest;
import dev.culvert.server.admin.AdminRoute;
import dev.culvert.server.admin.AdminRoutes;
import dev.culvert.server.admin.BadRequestException;
import dev.culvert.server.admin.OpenApi;
import dev.culvert.server.config.InvalidValueException;
import dev.culvert.stun.TransportAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The routes of a relay. */
public final class RelayRoutes implements AdminRoutes {
    private static final int TOP_USERS = 5;

    private final RelayDesk relay;
    private final AllocationSnapshots snapshots;
    private final CredentialMint mint;

    public RelayRoutes(RelayDesk relay, InstantSource clock) {
        this.relay = relay;
        this.snapshots = new AllocationSnapshots(relay);
        this.mint = new CredentialMint(relay, clock);
    }

    @Override
    public String program() {
        return "turn-relay";
    }

    @Override
    public List<AdminRoute> routes() {
        List<String> listed = new ArrayList<>(AllocationFilter.PARAMETERS);
        listed.addAll(Page.PARAMETERS);
        return List.of(
                AdminRoute.get("/allocations", listed, this::allocations),
                AdminRoute.get("/allocations/{id}", List.of(), this::allocation),
                AdminRoute.told("DELETE", "/allocations/{id}", List.of(), this::end),
                AdminRoute.get("/users", Page.PARAMETERS, this::users),
                AdminRoute.get("/policy", List.of("peer"), this::policy),
                mint.route());
    }

    @Override
    public List<Flow> flows() {
        return RelayCounters.FLOWS;
    }

    @Override
    public Set<String> refusals() {
        return RelayCounters.REFUSALS;
    }

    @Override
    public ObjectNode openApi() {
        return OpenApi.read(RelayRoutes.class, "openapi.json");
    }

    @Override
    public void describe(ObjectNode server) {
        ObjectNode shown = server.putObject("relay");
        shown.put("realm", relay.config().access().realm())
                .put("open", relay.config().access().insecureOpen())
                .put("mintsCredentials", mint.works())
                .put("minPort", relay.config().addresses().minPort())
                .put("maxPort", relay.config().addresses().maxPort())
                .put("sharedPorts", relay.config().protocol().mode().isShared());
        ArrayNode uris = shown.putArray("uris");
        relay.uris().forEach(uris::add);
    }

    @Override
    public void summarize(ObjectNode summary) {
        Ledger.Totals totals = relay.ledger().totals();
        Ledger.Room room = relay.ledger().room();
        ObjectNode shown = summary.putObject("relay");
        shown.put("allocations", totals.units() - totals.reservations())
                .put("maxAllocations", room.units())
                .put("users", totals.users())
                .put("ports", totals.ports())
                .put("maxPorts", relay.ledger().ports());
        ArrayNode top = shown.putArray("topUsers");
        UserTotals.top(TOP_USERS, snapshots.recent()).forEach(user -> put(top.addObject(), user));
    }

    private static void put(ObjectNode into, UserTotals user) {
        into.put("user", user.user()).put("allocations", user.units());
        AllocationJson.put(into, user.traffic());
    }

    private AdminAnswer allocations(AdminRequest request) throws BadRequestException {
        AllocationFilter filter = AllocationFilter.of(request);
        List<AllocationView> wanted = snapshots.recent().stream().filter(filter).toList();
        Page.Part<AllocationView> page = Page.of(request).of(wanted, each -> AllocationIds.text(each.id()));
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode shown = body.putArray("allocations");
        page.items().forEach(allocation -> shown.add(AllocationJson.shown(allocation)));
        body.put("total", wanted.size());
        page.next().ifPresent(cursor -> body.put("next", cursor));
        return AdminAnswer.ok(body);
    }

    private AdminAnswer allocation(AdminRequest request) {
        OptionalLong id = AllocationIds.parse(request.path("id"));
        return snapshots.recent().stream()
                .filter(allocation -> id.isPresent() && allocation.id() == id.getAsLong())
                .findFirst()
                .map(allocation -> AdminAnswer.ok(AllocationJson.shown(allocation)))
                .orElseGet(RelayRoutes::noSuchAllocation);
    }

    private AdminAnswer end(AdminRequest request) {
        OptionalLong id = AllocationIds.parse(request.path("id"));
        if (id.isEmpty() || !snapshots.end(id.getAsLong())) {
            return noSuchAllocation();
        }
        return AdminAnswer.ok(JsonNodeFactory.instance.objectNode().put("ended", AllocationIds.text(id.getAsLong())));
    }

    private static AdminAnswer noSuchAllocation() {
        return AdminAnswer.error(
                404, "no-such-allocation", "it has ended or never was; GET /api/v1/allocations lists those that run");
    }

    private AdminAnswer users(AdminRequest request) throws BadRequestException {
        List<UserTotals> all = UserTotals.of(relay.ledger().unitsByUser(), snapshots.recent());
        Page.Part<UserTotals> page = Page.of(request).of(all, UserTotals::user);
        Ledger.Room room = relay.ledger().room();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode shown = body.putArray("users");
        page.items().forEach(user -> put(shown.addObject(), user));
        body.put("total", all.size())
                .put("maxAllocations", room.units())
                .put("maxAllocationsPerUser", room.unitsPerUser());
        page.next().ifPresent(cursor -> body.put("next", cursor));
        return AdminAnswer.ok(body);
    }

    private AdminAnswer policy(AdminRequest request) throws BadRequestException {
        Optional<TransportAddress> peer = request.query("peer", RelayRoutes::peer);
        if (peer.isEmpty()) {
            throw new BadRequestException("the parameter peer is missing; write ?peer=192.0.2.7:5060");
        }
        PeerDecision decision = relay.decide(peer.get());
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("peer", peer.get().toString())
                .put("allowed", decision.isAllowed())
                .put("rule", decision.ground().toString());
        if (decision.reading() != AddressReading.AS_WRITTEN) {
            body.put("readAs", decision.judged().toString());
        }
        return AdminAnswer.ok(body);
    }

    private static TransportAddress peer(String text) throws InvalidValueException {
        return TransportAddress.parse(text)
                .orElseThrow(() -> new InvalidValueException(
                        "not an address and a port",
                        "write for example 192.0.2.7:5060 or [2001:db8::7]:5060; names are not looked up"));
    }
}
