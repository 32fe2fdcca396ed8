package dev.culvert.relay.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file of Kubernetes objects.
 *
 * @param secretKeys those that the command in the file's head makes
 */
record Manifests(List<JsonNode> documents, Set<String> secretKeys) {
    static final String POD_IP = "192.0.2.7";

    private static final Pattern SECRET_KEY =
            Pattern.compile("--from-literal=([a-z-]+)=\"\\$\\(openssl rand -hex 32\\)\"");
    private static final Set<String> WORKLOADS = Set.of("DaemonSet", "StatefulSet");

    static Manifests read(String file) throws IOException {
        Set<String> secretKeys = new TreeSet<>();
        Matcher keys = SECRET_KEY.matcher(DeployFiles.text(file));
        while (keys.find()) {
            secretKeys.add(keys.group(1));
        }
        return new Manifests(DeployFiles.documents(file), secretKeys);
    }

    List<JsonNode> all(String kind) {
        return documents.stream()
                .filter(document -> document.path("kind").asText().equals(kind))
                .toList();
    }

    /** What makes the pods. */
    JsonNode workload() {
        return documents.stream()
                .filter(document -> WORKLOADS.contains(document.path("kind").asText()))
                .findFirst()
                .orElseThrow();
    }

    JsonNode pod() {
        return workload().at("/spec/template/spec");
    }

    /** The one container. */
    JsonNode relay() {
        return pod().at("/containers/0");
    }

    /** The environment of a pod. */
    Map<String, String> environment(String pod) {
        Map<String, String> fields = Map.of("metadata.name", pod, "status.podIP", POD_IP, "status.hostIP", POD_IP);
        Map<String, String> environment = new LinkedHashMap<>();
        relay().path("env").forEach(variable -> {
            String field = variable.at("/valueFrom/fieldRef/fieldPath").asText();
            String value = field.isEmpty()
                    ? DeployFiles.expand(variable.path("value").asText(), environment)
                    : fields.getOrDefault(field, "");
            environment.put(variable.path("name").asText(), value);
        });
        return environment;
    }

    /** The arguments of a pod. */
    List<String> arguments(String pod) {
        return DeployFiles.texts(relay().path("args")).stream()
                .map(argument -> DeployFiles.expand(argument, environment(pod)))
                .toList();
    }

    /** The files that the volumes bring. */
    ContainerRoot container(Path folder) throws IOException {
        ContainerRoot root = new ContainerRoot(folder);
        for (JsonNode volume : pod().path("volumes")) {
            String mountPath = mountPath(volume.path("name").asText());
            if (volume.has("configMap")) {
                for (Map.Entry<String, JsonNode> file :
                        configMap(volume.at("/configMap/name").asText()).properties()) {
                    root.put(mountPath + "/" + file.getKey(), file.getValue().asText());
                }
            } else {
                for (String key : secretKeys) {
                    root.put(mountPath + "/" + key, "5a".repeat(32) + "\n");
                }
            }
        }
        return root;
    }

    private String mountPath(String volume) {
        for (JsonNode mount : relay().path("volumeMounts")) {
            if (mount.path("name").asText().equals(volume)) {
                return mount.path("mountPath").asText();
            }
        }
        throw new AssertionError(volume + " is not mounted");
    }

    private JsonNode configMap(String name) {
        return all("ConfigMap").stream()
                .filter(map -> map.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow()
                .path("data");
    }
}
