package dev.culvert.relay.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.diagnosis.ExaminationStep;
import dev.culvert.ice.diagnosis.RelayFacts;
import dev.culvert.ice.diagnosis.TransportReport;
import dev.culvert.ice.diagnosis.TurnFinding;
import dev.culvert.ice.resolution.ServerTransport;
import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.vertx.ExaminationPlan;
import dev.culvert.ice.vertx.SocketOptions;
import dev.culvert.ice.vertx.TurnConnection;
import dev.culvert.ice.vertx.TurnExamination;
import dev.culvert.ice.vertx.TurnOptions;
import dev.culvert.relay.core.Ledger;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunUri;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The TURN doctor of the client library with our own server as its patient. */
class TurnExaminationTest {
    /** Not the server's own address, to which it never relays. */
    private static final TurnOptions ELSEWHERE =
            TurnOptions.defaults().withLocal(new SocketOptions(IpAddress.parse("127.0.0.2"), 0));

    private static TransportReport examine(RunningRelay relay, Transport transport, LongTermCredential credential) {
        return examine(relay, transport, credential, TurnOptions.defaults());
    }

    private static TransportReport examine(
            RunningRelay relay, Transport transport, LongTermCredential credential, TurnOptions options) {
        ExaminationPlan plan = new ExaminationPlan(
                credential, options, Optional.empty(), 20, Duration.ofMillis(200), InstantSource.system(), step -> {});
        StunUri uri = StunUri.parse("turn:" + relay.address(transport) + "?transport="
                + transport.name().toLowerCase(Locale.ROOT));
        return TurnExamination.run(relay.vertx(), uri, ServerTransport.valueOf(transport.name()), plan)
                .await();
    }

    @ParameterizedTest
    @CsvSource({"UDP", "TCP"})
    void healthyServerRelaysAndKeepsNothing(Transport transport) {
        try (RunningRelay relay = RunningRelay.with("--allow-peer", "127.0.0.0/8")) {
            TransportReport report = examine(relay, transport, RunningRelay.ALICE, ELSEWHERE);

            assertThat(report.verdict()).isEqualTo(TransportReport.Verdict.WORKS);
            assertThat(report.findings()).isEmpty();
            assertThat(report.steps())
                    .allSatisfy(step -> assertThat(step.result()).isEqualTo(ExaminationStep.Result.DONE))
                    .extracting(ExaminationStep::name)
                    .containsSubsequence(
                            ExaminationStep.Name.RESOLVE,
                            ExaminationStep.Name.CHALLENGE,
                            ExaminationStep.Name.ALLOCATE,
                            ExaminationStep.Name.PERMISSION,
                            ExaminationStep.Name.CHANNEL,
                            ExaminationStep.Name.RELAY,
                            ExaminationStep.Name.THROUGHPUT,
                            ExaminationStep.Name.OUTSIDE);
            assertThat(report.roundTrips().orElseThrow().received()).isGreaterThan(17);
            assertThat(report.throughput().orElseThrow().bitsPerSecond()).isPositive();
            assertThat(relay.relay().totals()).isEqualTo(Ledger.Totals.ZERO);
        }
    }

    @Test
    void serverThatDoesNotRelayToThisHostWorksNevertheless() {
        try (RunningRelay relay = RunningRelay.with()) {
            TransportReport own = examine(relay, Transport.UDP, RunningRelay.ALICE);
            TransportReport denied = examine(relay, Transport.UDP, RunningRelay.ALICE, ELSEWHERE);

            assertThat(own.verdict()).isEqualTo(TransportReport.Verdict.WORKS);
            assertThat(own.outside()).isEqualTo(RelayFacts.Passage.NOT_TRIED);
            assertThat(own.findings()).isEmpty();
            assertThat(denied.verdict()).isEqualTo(TransportReport.Verdict.WORKS);
            assertThat(denied.outside()).isEqualTo(RelayFacts.Passage.FORBIDDEN);
            assertThat(denied.findings()).isEmpty();
        }
    }

    @Test
    void expiredCredentialIsFound() {
        try (RunningRelay relay = RunningRelay.with("--shared-secret", "a-shared-secret-of-some-length")) {
            LongTermCredential expired = new LongTermCredential("1700000000:alice", "wonderland");

            TransportReport report = examine(relay, Transport.UDP, expired);

            assertThat(report.verdict()).isEqualTo(TransportReport.Verdict.REFUSED);
            assertThat(report.findings())
                    .singleElement()
                    .extracting(TurnFinding::kind)
                    .isEqualTo(TurnFinding.Kind.CREDENTIAL_EXPIRED);
        }
    }

    @Test
    void quotaOfOneIsNamed() {
        try (RunningRelay relay = RunningRelay.with("--max-allocations-per-user", "1")) {
            TransportReport report = examine(relay, Transport.UDP, RunningRelay.ALICE);

            assertThat(report.findings())
                    .singleElement()
                    .extracting(TurnFinding::text)
                    .asString()
                    .contains("486 Allocation Quota Reached");
            assertThat(relay.relay().totals()).isEqualTo(Ledger.Totals.ZERO);
        }
    }

    @Test
    void drainingServerSendsClientsToAnother() {
        try (RunningRelay other = RunningRelay.with()) {
            String alternate = other.address(Transport.UDP).toString();
            try (RunningRelay draining = RunningRelay.with("--alternate-server", alternate)) {
                TurnConnection last = draining.alice(Transport.UDP);
                draining.relay().drain();

                TurnConnection redirected = draining.alice(Transport.UDP);

                assertThat(redirected.server().address()).isEqualTo(other.address(Transport.UDP));
                redirected.shutdown().await();
                last.shutdown().await();
            }
        }
    }
}
