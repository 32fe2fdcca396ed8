package dev.culvert.relay.it;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.culvert.ice.gather.Candidate;
import dev.culvert.ice.gather.CandidateAddress;
import dev.culvert.ice.gather.CandidateType;
import dev.culvert.ice.gather.GatherEvent;
import dev.culvert.ice.gather.GatherSource;
import dev.culvert.ice.resolution.Resolver;
import dev.culvert.ice.resolution.ServiceRecord;
import dev.culvert.ice.turn.AllocateOptions;
import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.vertx.GatherFailureText;
import dev.culvert.ice.vertx.IceGathering;
import dev.culvert.ice.vertx.IceGatheringOptions;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunUri;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Gathers candidates with the library on a host of a laboratory, from everything that servers offer; arguments: the file of
 * the certificate authorities, and for each server its name, its port, its port for TLS and its IP addresses, separated by
 * commas.
 */
final class GatherPuppet {
    private static final LongTermCredential USER =
            new LongTermCredential(TurnServerUnderTest.USER, TurnServerUnderTest.PASSWORD);
    private static final int PAYLOAD_BYTES = 1200;
    private static final int TRIES = 40;
    private static final int BETWEEN_TRIES_MILLIS = 250;

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, List<IpAddress>> names = new HashMap<>();
    private final IceGatheringOptions options;
    private List<Run> runs = List.of();

    private GatherPuppet(String[] arguments) {
        IceGatheringOptions.Builder builder =
                IceGatheringOptions.builder().authoritiesFile(arguments[0]).resolver(any -> new KnownNames());
        for (String server : List.of(arguments).subList(1, arguments.length)) {
            String[] fields = server.split(",");
            names.put(
                    fields[0],
                    Arrays.stream(fields)
                            .skip(3)
                            .map(address -> IpAddress.parse(address).orElseThrow())
                            .toList());
            String place = fields[0] + ":" + fields[1];
            builder.stun(StunUri.parse("stun:" + place));
            for (String uri : List.of(
                    "turn:" + place + "?transport=udp",
                    "turn:" + place + "?transport=tcp",
                    "turns:" + fields[0] + ":" + fields[2] + "?transport=tcp")) {
                builder.turn(StunUri.parse(uri), USER, AllocateOptions.Families.DUAL);
            }
        }
        options = builder.build();
    }

    public static void main(String[] arguments) throws IOException {
        Puppet.obey(new GatherPuppet(arguments)::obey);
    }

    /** No more than what was told. */
    private final class KnownNames implements Resolver {
        @Override
        public void addresses(String host, Consumer<List<IpAddress>> answer) {
            answer.accept(names.getOrDefault(host, List.of()));
        }

        @Override
        public void services(String name, Consumer<List<ServiceRecord>> answer) {
            answer.accept(List.of());
        }
    }

    private String obey(String[] order) {
        return switch (order[0]) {
            case "gather" -> {
                runs = List.of(new Run(Integer.parseInt(order[1])));
                yield run().learned();
            }
            case "milestones" -> String.join(",", run().milestones);
            case "echo" ->
                run().echoes(Arrays.stream(order)
                        .skip(1)
                        .map(peer -> TransportAddress.parse(peer).orElseThrow())
                        .toList());
            case "close" -> {
                run().gathering.close();
                await(run().gathering.closed());
                yield "closed";
            }
            default -> throw new IllegalArgumentException(order[0]);
        };
    }

    private Run run() {
        return runs.get(0);
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    /** One gathering. */
    private final class Run {
        final List<String> milestones = new CopyOnWriteArrayList<>();
        final IceGathering gathering;

        private final List<LearnedAddress> addresses = new CopyOnWriteArrayList<>();
        private final BlockingQueue<String> echoes = new LinkedBlockingQueue<>();
        private final Promise<Void> enough = Promise.promise();
        private final int wanted;

        /** Gathers until servers have told {@code wanted} addresses, or all is gathered. */
        Run(int wanted) {
            this.wanted = wanted;
            gathering = IceGathering.start(vertx, options, this::onEvent).dataHandler(this::onData);
            await(Future.any(enough.future(), gathering.complete()));
        }

        private void onEvent(GatherEvent event) {
            if (event instanceof GatherEvent.Gathered gathered) {
                onGathered(gathered.candidate(), gathered.source());
            } else if (event instanceof GatherEvent.Redundant redundant) {
                GatherSource source = redundant.source();
                addresses.add(new LearnedAddress(
                        source.name(),
                        source.base(),
                        redundant.type(),
                        redundant.address(),
                        Optional.empty(),
                        OptionalLong.empty()));
            } else if (event instanceof GatherEvent.Failed failed) {
                System.out.println("failed " + failed.source() + ": " + GatherFailureText.of(failed.failure()));
            } else if (event instanceof GatherEvent.FirstUsable usable) {
                onMilestone("usable", usable.at());
            } else if (event instanceof GatherEvent.Settled settled) {
                onMilestone("settled", settled.at());
            } else if (event instanceof GatherEvent.Complete complete) {
                onMilestone("complete", complete.at());
            }
            long told = addresses.stream()
                    .filter(address -> address.type() != CandidateType.HOST)
                    .count();
            if (told >= wanted) {
                enough.tryComplete();
            }
        }

        private void onGathered(Candidate candidate, GatherSource source) {
            addresses.add(new LearnedAddress(
                    source.name(),
                    source.base(),
                    candidate.type(),
                    candidate.address().transportAddress().orElseThrow(),
                    candidate.related().flatMap(CandidateAddress::transportAddress),
                    OptionalLong.of(candidate.priority())));
        }

        private void onMilestone(String name, Duration at) {
            milestones.add(name + "=" + at.toMillis() + "ms");
        }

        String learned() {
            return addresses.stream().map(LearnedAddress::toWord).collect(Collectors.joining(","));
        }

        private void onData(Candidate local, TransportAddress from, ByteBuffer data) {
            String text = US_ASCII.decode(data).toString();
            String relayed = local.address().toString();
            if (text.length() == PAYLOAD_BYTES && text.strip().equals(relayed + "=>" + from)) {
                echoes.add(relayed);
            }
        }

        /** Sends to the peer of its family through every relayed candidate; returns those that brought the echo. */
        String echoes(List<TransportAddress> peers) {
            List<Candidate> relayed = await(gathering.candidates()).stream()
                    .filter(candidate -> candidate.type() == CandidateType.RELAY)
                    .toList();
            List<Future<Void>> permissions = new ArrayList<>();
            relayed.forEach(candidate -> permissions.add(
                    gathering.permit(candidate, peerOf(candidate, peers).ip())));
            await(Future.all(permissions));
            Set<String> echoed = new TreeSet<>();
            for (int i = 0; i < TRIES && echoed.size() < relayed.size(); i++) {
                for (Candidate candidate : relayed) {
                    if (!echoed.contains(candidate.address().toString())) {
                        send(candidate, peerOf(candidate, peers));
                    }
                }
                takeEchoes(echoed, relayed.size());
            }
            return String.join(",", echoed);
        }

        private void send(Candidate candidate, TransportAddress peer) {
            String text = String.format("%-" + PAYLOAD_BYTES + "s", candidate.address() + "=>" + peer);
            await(gathering.send(candidate, peer, US_ASCII.encode(text)));
        }

        private TransportAddress peerOf(Candidate candidate, List<TransportAddress> peers) {
            TransportAddress relayed = candidate.address().transportAddress().orElseThrow();
            return peers.stream()
                    .filter(peer -> peer.ip().family() == relayed.ip().family())
                    .findFirst()
                    .orElseThrow();
        }

        /** Takes what comes until all is there or nothing comes any more. */
        private void takeEchoes(Set<String> echoed, int all) {
            try {
                while (echoed.size() < all) {
                    String next = echoes.poll(BETWEEN_TRIES_MILLIS, TimeUnit.MILLISECONDS);
                    if (next == null) {
                        return;
                    }
                    echoed.add(next);
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
