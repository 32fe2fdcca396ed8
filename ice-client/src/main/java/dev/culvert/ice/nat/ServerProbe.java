package dev.culvert.ice.nat;

import dev.culvert.stun.TransportAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known so far about one server. Owned by one thread. */
final class ServerProbe {
    private final ProbeServer server;
    private final List<ServerFault> faults = new ArrayList<>();
    private final List<StreamCheck> streams = new ArrayList<>();
    private final List<BindingExchange> alternates = new ArrayList<>();
    private @Nullable BindingExchange first;
    private @Nullable FilteringTests filtering;
    private Optional<TransportAddress> usableOther = Optional.empty();

    ServerProbe(ProbeServer server) {
        this.server = server;
    }

    ProbeServer server() {
        return server;
    }

    /** Takes in the answer, or silence, to the first plain request. */
    void onFirst(BindingExchange exchange) {
        first = exchange;
        exchange.error()
                .ifPresent(error ->
                        addFault(ServerFault.Kind.ERROR_RESPONSE, "error " + error.code() + " " + error.reason()));
        if (exchange.succeeded() && exchange.mapped().isEmpty()) {
            addFault(ServerFault.Kind.NO_MAPPED_ADDRESS, "from " + server.address());
        }
        usableOther = exchange.otherAddress().filter(this::isRight);
    }

    private boolean isRight(TransportAddress other) {
        Optional<ServerFault> fault = ServerFault.ofOtherAddress(server.address(), other);
        fault.ifPresent(faults::add);
        return fault.isEmpty();
    }

    private void addFault(ServerFault.Kind kind, String detail) {
        faults.add(new ServerFault(kind, detail));
    }

    /** The alternate address, where the server names one that can be right. */
    Optional<TransportAddress> usableOther() {
        return usableOther;
    }

    boolean answered() {
        return first != null && first.answered();
    }

    void addAlternate(BindingExchange exchange) {
        alternates.add(exchange);
    }

    void filteringTests(FilteringTests tests) {
        filtering = tests;
    }

    Optional<FilteringTests> filteringTests() {
        return Optional.ofNullable(filtering);
    }

    void addStream(StreamCheck check) {
        streams.add(check);
        // They come in any order; the report has them in one.
        streams.sort(Comparator.comparing(StreamCheck::transport));
    }

    /** Whether the very address that is silent over UDP answers over TCP, so that it is UDP that does not pass. */
    boolean answersOnlyTcp() {
        return !answered() && streamAnswered(StreamCheck.Transport.TCP);
    }

    /** Whether TLS reached the server, which has a port of its own. */
    boolean answersTls() {
        return streamAnswered(StreamCheck.Transport.TLS);
    }

    private boolean streamAnswered(StreamCheck.Transport transport) {
        return streams.stream()
                .anyMatch(check -> check.transport() == transport && check.result() == StreamCheck.Result.ANSWERED);
    }

    ServerFinding toFinding(Prober prober) {
        List<ServerFault> all = new ArrayList<>(faults);
        wrongSource().ifPresent(all::add);
        silentAlternates().ifPresent(all::add);
        filteringTests().ifPresent(tests -> all.addAll(tests.faults()));
        return new ServerFinding(
                server,
                answered(),
                first == null ? Optional.empty() : first.otherAddress(),
                usableOther.isPresent() && all.isEmpty(),
                first == null ? Optional.empty() : first.software(),
                prober.roundTripTo(server.address()),
                all,
                streams);
    }

    private Optional<ServerFault> wrongSource() {
        if (first == null) {
            return Optional.empty();
        }
        return first.fromWrongSource().stream()
                .findFirst()
                .map(reply -> new ServerFault(
                        ServerFault.Kind.WRONG_SOURCE,
                        "asked at " + server.address() + ", answered from " + reply.from()));
    }

    private Optional<ServerFault> silentAlternates() {
        List<String> silent = alternates.stream()
                .filter(exchange -> !exchange.answered())
                .map(exchange -> exchange.to().toString())
                .toList();
        return silent.isEmpty()
                ? Optional.empty()
                : Optional.of(new ServerFault(
                        ServerFault.Kind.ALTERNATE_SILENT, "no answer from " + String.join(", ", silent)));
    }
}
