package dev.culvert.ice.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Rfc;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RedirectionsTest {
    private static final TransportAddress FIRST = server(1);

    private final Redirections redirections = new Redirections(FIRST, "turn.example.org");

    private static TransportAddress server(int number) {
        return TransportAddress.parse("192.0.2." + number + ":3478").orElseThrow();
    }

    private static TurnFailure.TryAlternate to(int... numbers) {
        List<TransportAddress> servers =
                Arrays.stream(numbers).mapToObj(RedirectionsTest::server).toList();
        return new TurnFailure.TryAlternate(servers, List.of());
    }

    @Test
    @Rfc("8489#10 (2)")
    void threeHopsAreFollowedAndNoFourth() {
        Stream.of(2, 3, 4)
                .forEach(number -> assertThat(redirections.follow(to(number)))
                        .contains(new Redirections.Hop(server(number), "turn.example.org")));

        assertThat(redirections.follow(to(5))).isEmpty();
    }

    @Test
    @Rfc("8489#10 (3)")
    void noServerIsAskedTwice() {
        assertThat(redirections.follow(to(1))).isEmpty();
        assertThat(redirections.follow(to(2))).isPresent();
        assertThat(redirections.follow(to(1, 2))).isEmpty();
        assertThat(redirections.follow(to(2, 3))).contains(new Redirections.Hop(server(3), "turn.example.org"));
    }

    @Test
    @Rfc("8489#10 (4)")
    void theDomainThatIsToldMustBeInTheCertificateFromThenOn() {
        TurnFailure.TryAlternate named = new TurnFailure.TryAlternate(List.of(server(2)), List.of("other.example.org"));

        assertThat(redirections.follow(named)).contains(new Redirections.Hop(server(2), "other.example.org"));
        assertThat(redirections.follow(to(3))).contains(new Redirections.Hop(server(3), "other.example.org"));
    }

    @Test
    void serverWithoutAPortIsNotFollowed() {
        TransportAddress noPort = new TransportAddress(FIRST.ip(), 0);

        assertThat(redirections.follow(new TurnFailure.TryAlternate(List.of(noPort), List.of())))
                .isEmpty();
    }
}
