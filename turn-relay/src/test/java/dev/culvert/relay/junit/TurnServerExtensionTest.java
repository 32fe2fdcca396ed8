package dev.culvert.relay.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import dev.culvert.ice.vertx.TurnConnection;
import dev.culvert.ice.vertx.TurnOptions;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Vertx;
import java.net.DatagramSocket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** Which server a test gets, and how long it lasts. */
class TurnServerExtensionTest {
    /** Which servers the tests of the classes below had, in their order. */
    private static final List<TransportAddress> SEEN = new ArrayList<>();

    private static void see(TurnTestServer server) {
        SEEN.add(server.address(Transport.UDP));
    }

    private static Events run(Class<?> testClass) {
        SEEN.clear();
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(testClass))
                .configurationParameter("junit.jupiter.conditions.deactivate", "*")
                .execute()
                .testEvents();
    }

    @WithTurnServer
    @TestMethodOrder(MethodOrderer.MethodName.class)
    static class Shared {
        @BeforeAll
        static void before(TurnTestServer server) {
            see(server);
        }

        @BeforeEach
        void beforeEach(TurnTestServer server) {
            see(server);
        }

        @Test
        void one(TurnTestServer server) {
            see(server);
            server.refuse(StunMethod.ALLOCATE, 508);
        }

        @Test
        void two(TurnTestServer server) {
            see(server);
            Vertx vertx = Vertx.vertx();
            TurnConnection.open(vertx, server.turnUri(), server.user(), TurnOptions.defaults())
                    .await();
            vertx.close().await();
        }

        @Nested
        class Inner {
            @Test
            void three(TurnTestServer server) {
                see(server);
                assertThat(server.allocations()).isEmpty();
            }
        }
    }

    @Test
    void testsOfAClassShareOneServerThatIsCleanForEach() throws SocketException {
        Events tests = run(Shared.class);

        tests.assertStatistics(of -> of.started(3).succeeded(3));
        assertThat(SEEN).hasSize(7).containsOnly(SEEN.get(0));
        new DatagramSocket(SEEN.get(0).toInetSocketAddress()).close();
    }

    @WithTurnServer(perMethod = true)
    static class OneEach {
        @BeforeEach
        void beforeEach(TurnTestServer server) {
            see(server);
        }

        @Test
        void one(TurnTestServer server) {
            see(server);
        }

        @Test
        @WithTurnServer(realm = "other.example", users = "bob:builder", options = "max-lifetime=30m")
        void two(TurnTestServer server) {
            see(server);
            assertThat(server.realm()).isEqualTo("other.example");
            assertThat(server.user().username()).isEqualTo("bob");
        }
    }

    @Test
    void eachTestHasItsOwnServerIfItIsToldSo() {
        Events tests = run(OneEach.class);

        tests.assertStatistics(of -> of.started(2).succeeded(2));
        assertThat(SEEN.get(0)).isEqualTo(SEEN.get(1)).isNotEqualTo(SEEN.get(2));
        assertThat(SEEN.get(2)).isEqualTo(SEEN.get(3));
    }

    @SuppressWarnings("NullAway.Init") // the extension does that
    static class FieldsAndParameters {
        @WithTurnServer
        static TurnTestServer shared;

        @WithTurnServer(listen = "tcp:127.0.0.1:0")
        TurnTestServer own;

        @Test
        void one(@WithTurnServer TurnTestServer first, @WithTurnServer TurnTestServer second) {
            see(shared);
            see(first);
            see(second);
            assertThat(own.turnUri().toString()).endsWith("?transport=tcp");
        }
    }

    @Test
    void fieldsAndParametersHaveServersOfTheirOwn() {
        Events tests = run(FieldsAndParameters.class);

        tests.assertStatistics(of -> of.started(1).succeeded(1));
        assertThat(SEEN).hasSize(3).doesNotHaveDuplicates();
    }

    static class Registered {
        @RegisterExtension
        static final TurnServerExtension SHARED = TurnServerExtension.with(new TurnServerSettings());

        @Test
        void one(TurnTestServer server) {
            see(server);
            see(SHARED.server());
        }

        @Test
        void two() {
            see(SHARED.server());
        }
    }

    @Test
    void registeredExtensionGivesItsServer() {
        run(Registered.class).assertStatistics(of -> of.started(2).succeeded(2));
        assertThat(SEEN).hasSize(3).containsOnly(SEEN.get(0));
    }

    static class Mistaken {
        @Test
        @WithTurnServer(options = "max-lifetimes=30m")
        void misspelt(TurnTestServer server) {}
    }

    @Test
    void mistakeIsToldWithItsMend() {
        run(Mistaken.class)
                .assertThatEvents()
                .haveExactly(
                        1, event(finishedWithFailure(message(text -> text.contains("did you mean max-lifetime?")))));
    }
}
