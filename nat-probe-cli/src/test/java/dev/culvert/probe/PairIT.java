package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.probe.PairTable.Kind;
import dev.culvert.testkit.Requirements;
import dev.culvert.testkit.SchemaCheck;
import dev.culvert.testkit.lab.LabHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two hosts behind every pair of five kinds of real NATs: they connect as {@code pair} and the documentation say. */
class PairIT {
    private static final int GUESSES = 8;

    @TempDir
    private Path folder;

    @BeforeAll
    static void namespacesWork() {
        Requirements.networkNamespaces();
        for (String command : List.of("nsenter", "ip", "nft")) {
            Requirements.command(command);
        }
    }

    @Test
    void pairSaysWhatHappens() throws IOException {
        ExecutorService runners = Executors.newFixedThreadPool(5);
        try (MeetingLab lab = new MeetingLab()) {
            startServer(lab.outside());
            Map<String, String> said = said(lab, runners);
            Map<String, String> happened = happened(lab, runners);

            Map<String, String> documented = new LinkedHashMap<>();
            happened.forEach((pair, how) -> documented.put(pair, documented(pair)));
            assertThat(happened).hasSize(Kind.values().length * Kind.values().length);
            assertThat(happened).as("what nat-probe pair says").isEqualTo(said);
            assertThat(documented).as("docs/nat-pairs.md").isEqualTo(happened);
        } finally {
            runners.shutdownNow();
        }
    }

    private void startServer(LabHost outside) {
        Programs.startStunServer(
                outside,
                folder.resolve("stun-server.log"),
                "--listen udp:203.0.113.1:3478 --alternate-address 203.0.113.2"
                        + " --receipts --threads 1 --no-admin --unauthenticated-rate off");
    }

    private static String name(Kind a, Kind b) {
        return a + " " + b;
    }

    private static String documented(String pair) {
        String[] kinds = pair.split(" ");
        return PairTable.documented(Kind.valueOf(kinds[0]), Kind.valueOf(kinds[1]));
    }

    /** The verdicts of {@code pair} on reports made on each host. */
    private Map<String, String> said(MeetingLab lab, ExecutorService runners) throws IOException {
        List<CompletableFuture<Path>> left = new ArrayList<>();
        List<CompletableFuture<Path>> right = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            left.add(report(lab.left(kind), "left-" + kind, runners));
            right.add(report(lab.right(kind), "right-" + kind, runners));
        }
        Map<String, String> said = new LinkedHashMap<>();
        for (List<Kind[]> round : PairTable.rounds()) {
            for (Kind[] pair : round) {
                CommandRun run = CommandRun.of(
                        "pair",
                        "--json",
                        left.get(pair[0].ordinal()).join().toString(),
                        right.get(pair[1].ordinal()).join().toString());
                JsonNode verdict = new ObjectMapper().readTree(run.out());
                assertThat(SchemaCheck.problems("nat-probe.pair.schema.json", run.out()))
                        .isEmpty();
                said.put(name(pair[0], pair[1]), verdict.path("connection").asText());
            }
        }
        return said;
    }

    private CompletableFuture<Path> report(LabHost client, String name, ExecutorService runners) {
        return CompletableFuture.supplyAsync(
                () -> {
                    String json = client.run(Programs.natProbe("--json", "203.0.113.1"))
                            .out();
                    try {
                        return Files.writeString(folder.resolve(name + ".json"), json);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                },
                runners);
    }

    /** What comes of it when the hosts try. */
    private Map<String, String> happened(MeetingLab lab, ExecutorService runners) {
        List<Puppet> left = new ArrayList<>();
        List<Puppet> right = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            Path ofLeft = folder.resolve("puppet-left-" + kind);
            Path ofRight = folder.resolve("puppet-right-" + kind);
            left.add(new Puppet(lab.left(kind), MeetingLab.leftAddress(kind), ofLeft));
            right.add(new Puppet(lab.right(kind), MeetingLab.rightAddress(kind), ofRight));
        }
        Map<String, String> happened = new LinkedHashMap<>();
        for (List<Kind[]> round : PairTable.rounds()) {
            Map<String, CompletableFuture<String>> running = new LinkedHashMap<>();
            for (Kind[] pair : round) {
                running.put(
                        name(pair[0], pair[1]),
                        CompletableFuture.supplyAsync(
                                () -> reality(pair, left.get(pair[0].ordinal()), right.get(pair[1].ordinal())),
                                runners));
            }
            running.forEach((name, how) -> happened.put(name, how.join()));
        }
        return happened;
    }

    private static String reality(Kind[] kinds, Puppet a, Puppet b) {
        if (connect(a, b, true, false, kinds, 0) || connect(a, b, false, true, kinds, 0)) {
            return "direct";
        }
        if (connect(a, b, true, true, kinds, 0)) {
            return "simultaneous-open";
        }
        return connect(a, b, true, true, kinds, GUESSES) ? "port-prediction" : "relay";
    }

    /** Whether both hear each other, from fresh sockets; ports are guessed where they follow each other. */
    private static boolean connect(Puppet a, Puppet b, boolean aSends, boolean bSends, Kind[] kinds, int guesses) {
        List<Puppet> both = new ArrayList<>(List.of(a, b));
        both.forEach(Puppet::open);
        both.forEach(Puppet::awaitOpen);
        a.reach(b, aSends, kinds[1] == Kind.APDM_SEQUENTIAL ? guesses : 0);
        b.reach(a, bSends, kinds[0] == Kind.APDM_SEQUENTIAL ? guesses : 0);
        boolean aHeard = a.heard();
        boolean bHeard = b.heard();
        return aHeard && bHeard;
    }
}
