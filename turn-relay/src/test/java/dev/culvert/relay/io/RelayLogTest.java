package dev.culvert.relay.io;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.culvert.relay.auth.Authentication.Reason;
import dev.culvert.relay.core.AllocationView.Traffic;
import dev.culvert.relay.core.Refusal;
import dev.culvert.relay.core.RefusalReason;
import dev.culvert.relay.core.RelayEvent.AllocationCreated;
import dev.culvert.relay.core.RelayEvent.AllocationEnded;
import dev.culvert.relay.core.RelayEvent.AllocationRefused;
import dev.culvert.relay.core.RelayEvent.AuthenticationFailed;
import dev.culvert.relay.core.RelayEvent.EndReason;
import dev.culvert.relay.core.RelayEvent.RequestRefused;
import dev.culvert.server.config.ServerConfig.Log.Addresses;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.log.Quoted;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class RelayLogTest {
    private static final FiveTuple FLOW = new FiveTuple(
            Transport.UDP,
            TransportAddress.parse("203.0.113.5:3478").orElseThrow(),
            TransportAddress.parse("198.51.100.7:50312").orElseThrow());

    private static final Refusal DENIED = new Refusal(
            RefusalReason.POLICY, "the peer is denied by built-in deny 10.0.0.0/8", IpAddress.parse("10.0.0.7"));

    private final Logger logger = (Logger) LoggerFactory.getLogger("turn");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final RelayLog log = new RelayLog(Addresses.FULL);

    @BeforeEach
    void listen() {
        // Whatever other tests have made of it.
        logger.setLevel(Level.INFO);
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void hush() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    /** As a text log has it. */
    private String line() {
        assertThat(lines.list).hasSize(1);
        ILoggingEvent event = lines.list.get(0);
        return event.getFormattedMessage() + ": "
                + event.getKeyValuePairs().stream()
                        .map(pair -> pair.key + "=" + pair.value)
                        .collect(Collectors.joining(" "));
    }

    @Test
    void failedAuthenticationIsALineForFail2ban() {
        log.on(new AuthenticationFailed(FLOW, Reason.WRONG_PASSWORD));

        assertThat(line())
                .isEqualTo("authentication failed: client=198.51.100.7:50312 transport=udp reason=wrong-password");
    }

    @Test
    void anAllocationsLinesCarryItsIdAndNumbersAreNumbers() {
        Traffic traffic = new Traffic(1000, 10, 2000, 20);
        List<TransportAddress> relayed =
                List.of(TransportAddress.parse("203.0.113.5:50000").orElseThrow());
        log.on(new AllocationCreated(0xABCL, FLOW, "alice", "alice", relayed));
        log.on(new AllocationEnded(
                0xABCL, FLOW, "alice", "alice", relayed, EndReason.DELETED, traffic, 90_000_000_000L));

        assertThat(lines.list)
                .hasSize(2)
                .allSatisfy(event -> assertThat(event.getKeyValuePairs()).anySatisfy(pair -> {
                    assertThat(pair.key).isEqualTo("allocation");
                    assertThat(pair.value).isEqualTo("0000000000000abc");
                }));
        assertThat(lines.list.get(1).getKeyValuePairs())
                .filteredOn(pair -> pair.value instanceof Number)
                .map(pair -> pair.key + "=" + pair.value)
                .containsExactly(
                        "seconds=90",
                        "bytes_to_peers=1000",
                        "packets_to_peers=10",
                        "bytes_to_client=2000",
                        "packets_to_client=20");
    }

    @Test
    void aRefusalIsToldInWords() {
        log.on(new RequestRefused(FLOW, "alice", OptionalLong.of(7), StunMethod.CREATE_PERMISSION, 403, DENIED));

        assertThat(line())
                .isEqualTo("request refused: client=198.51.100.7:50312 transport=udp user=\"alice\""
                        + " method=CreatePermission allocation=0000000000000007 code=403 reason=policy"
                        + " peer=10.0.0.7 why=\"the peer is denied by built-in deny 10.0.0.0/8\"");
    }

    @Test
    void peersAreShownAsFarAsClientsAre() {
        new RelayLog(Addresses.PREFIX)
                .on(new RequestRefused(FLOW, "alice", OptionalLong.empty(), StunMethod.CHANNEL_BIND, 403, DENIED));

        assertThat(line())
                .contains("client=198.51.100.0/24", "peer=10.0.0.0/24")
                .doesNotContain("10.0.0.7");
    }

    @ParameterizedTest
    @ValueSource(ints = {'\n', '\r', 0x1B, '"', '\\', 0x85, 0x9B, 0x2028, 0x2029, 0x202E})
    void nothingInAUsernameEndsItsQuotesOrItsLineOrTurnsTheTerminal(int character) {
        String name = "alice" + Character.toString(character) + "bob";

        log.on(new AllocationRefused(
                FLOW, name, 486, new Refusal(RefusalReason.USER_QUOTA, "too many", Optional.empty())));

        assertThat(line()).contains("user=\"alice?bob\" ");
        assertThat(lines.list.get(0).getKeyValuePairs())
                .anySatisfy(pair -> assertThat(pair.value).isEqualTo(new Quoted(name)));
    }
}
