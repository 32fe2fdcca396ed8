package dev.culvert.relay.io;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.culvert.relay.auth.Authentication.Reason;
import dev.culvert.relay.core.RelayEvent.AllocationRefused;
import dev.culvert.relay.core.RelayEvent.AuthenticationFailed;
import dev.culvert.server.config.ServerConfig.Log.Addresses;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.stun.TransportAddress;
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

    private String line() {
        assertThat(lines.list).hasSize(1);
        return lines.list.get(0).getFormattedMessage();
    }

    @Test
    void failedAuthenticationIsALineForFail2ban() {
        log.on(new AuthenticationFailed(FLOW, Reason.WRONG_PASSWORD));

        assertThat(line())
                .isEqualTo("authentication failed: client=198.51.100.7:50312 transport=udp reason=wrong-password");
    }

    @ParameterizedTest
    @ValueSource(ints = {'\n', '\r', 0x1B, '"', '\\', 0x85, 0x9B, 0x2028, 0x2029, 0x202E})
    void nothingInAUsernameEndsItsQuotesOrItsLineOrTurnsTheTerminal(int character) {
        log.on(new AllocationRefused(FLOW, "alice" + Character.toString(character) + "bob", 486));

        assertThat(line()).contains("user=\"alice?bob\" ");
    }
}
