package dev.culvert.ice.resolution;

import dev.culvert.stun.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Answers from a zone that the test writes, when the test says so. */
final class ScriptedResolver implements Resolver {
    final List<String> questions = new ArrayList<>();
    private final Map<String, List<IpAddress>> addresses = new HashMap<>();
    private final Map<String, List<ServiceRecord>> services = new HashMap<>();
    private final List<Runnable> answers = new ArrayList<>();

    ScriptedResolver host(String name, String... ips) {
        addresses.put(
                name,
                Stream.of(ips).map(ip -> IpAddress.parse(ip).orElseThrow()).toList());
        return this;
    }

    ScriptedResolver service(String name, ServiceRecord... records) {
        services.put(name, List.of(records));
        return this;
    }

    @Override
    public void addresses(String host, Consumer<List<IpAddress>> answer) {
        questions.add(host);
        answers.add(() -> answer.accept(addresses.getOrDefault(host, List.of())));
    }

    @Override
    public void services(String name, Consumer<List<ServiceRecord>> answer) {
        questions.add(name);
        answers.add(() -> answer.accept(services.getOrDefault(name, List.of())));
    }

    /** Answers all questions, the last first, and those that the answers raise. */
    void answerAll() {
        while (!answers.isEmpty()) {
            answers.remove(answers.size() - 1).run();
        }
    }
}
