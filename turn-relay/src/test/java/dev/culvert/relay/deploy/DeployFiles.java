package dev.culvert.relay.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What stands below {@code deploy/}. */
final class DeployFiles {
    private static final Path FOLDER = Path.of("..", "deploy");
    private static final ObjectMapper JSON = new ObjectMapper();

    private DeployFiles() {}

    static Path path(String name) {
        return FOLDER.resolve(name);
    }

    static String text(String name) throws IOException {
        return Files.readString(path(name));
    }

    /** The documents of a YAML file, merge keys resolved; a key that stands twice is an error. */
    static List<JsonNode> documents(String name) throws IOException {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        List<JsonNode> documents = new ArrayList<>();
        new Yaml(new SafeConstructor(options))
                .loadAll(text(name))
                .forEach(document -> documents.add(JSON.valueToTree(document)));
        return documents;
    }

    static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    /** {@code $(NAME)} as an orchestrator replaces it. */
    static String expand(String text, Map<String, String> variables) {
        String expanded = text;
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            expanded = expanded.replace("$(" + variable.getKey() + ")", variable.getValue());
        }
        return expanded;
    }
}
