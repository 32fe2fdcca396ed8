package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What coturn's test client says at its end. */
record Uclient(String output, long sentMessages, long receivedMessages, long sentBytes, long receivedBytes) {
    private static final Pattern MESSAGES =
            Pattern.compile("start_mclient: tot_send_msgs=(\\d+), tot_recv_msgs=(\\d+)");
    private static final Pattern BYTES =
            Pattern.compile("start_mclient: tot_send_bytes ~ (\\d+), tot_recv_bytes ~ (\\d+)");
    private static final Pattern RELAYED =
            Pattern.compile("Received relay addr: (\\S+):(\\d+)\\n.*clnet_allocate: rtv=(\\d+)");

    /**
     * A relayed address that it was given.
     *
     * @param withReservation whether the next port was reserved with it
     */
    record Relayed(String host, int port, boolean withReservation) {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    static Program start(int serverPort, Path folder, List<String> options) throws IOException {
        List<String> command = new ArrayList<>(List.of("turnutils_uclient", "-v"));
        command.addAll(List.of("-u", TurnServerUnderTest.USER, "-w", TurnServerUnderTest.PASSWORD));
        command.addAll(List.of("-p", Integer.toString(serverPort)));
        command.addAll(options);
        return Program.start(Launcher.HERE, folder, "turnutils_uclient", command);
    }

    /** Waits for its end, which must be a good one. */
    static Uclient end(Program program, TurnServerUnderTest server) throws InterruptedException {
        int exit = program.exitCode(Program.PATIENCE);
        String output = program.output();
        assertThat(exit).as("%s\n%s", program, server.program()).isZero();
        Matcher messages = MESSAGES.matcher(output);
        Matcher bytes = BYTES.matcher(output);
        assertThat(messages.find() && bytes.find()).as("%s", program).isTrue();
        return new Uclient(output, number(messages, 1), number(messages, 2), number(bytes, 1), number(bytes, 2));
    }

    private static long number(Matcher matcher, int group) {
        return Long.parseLong(matcher.group(group));
    }

    /** Every message of {@code messageBytes} went out and came back. */
    void lostNothing(long messages, int messageBytes) {
        assertThat(List.of(sentMessages, receivedMessages, sentBytes, receivedBytes))
                .as("%s", output)
                .containsExactly(messages, messages, messages * messageBytes, messages * messageBytes);
    }

    /** In the order in which it was given them; one of them is for a try at its start. */
    List<Relayed> relayed() {
        return RELAYED.matcher(output)
                .results()
                .map(match -> new Relayed(
                        match.group(1),
                        Integer.parseInt(match.group(2)),
                        !match.group(3).equals("0")))
                .toList();
    }

    List<String> relayedAddresses() {
        return relayed().stream().map(Relayed::toString).toList();
    }
}
