package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The modules of the packaged Java runtime are those that the jars use. */
@Tag("portable")
class RuntimeModulesIT {
    private static final Path LIST = Path.of("../deploy/package/modules");
    private static final String LAYER = "META-INF/versions/22/";

    @TempDir
    Path classes;

    @Test
    void everyModuleThatTheJarsUseIsInTheRuntimeOrLeftOutForAReason() throws Exception {
        unpack(Path.of("target/turn-relay.jar"));
        try (Stream<Path> jars = Files.list(Path.of("target/lib"))) {
            for (Path jar : jars.toList()) {
                unpack(jar);
            }
        }

        Set<String> used = used();

        Set<String> leftOut = listed("-");
        Set<String> included = listed("");
        assertThat(included).doesNotContainAnyElementsOf(leftOut);
        assertThat(used).containsAll(leftOut);
        used.removeAll(leftOut);
        assertThat(included).containsAll(used);
    }

    /** As jdeps sees them: without the descriptors of modules, since the programs run from the class path. */
    private Set<String> used() {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out);
        int exitCode = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(writer, writer, "--ignore-missing-deps", "--list-deps", classes.toString());
        assertThat(exitCode).as(out.toString()).isZero();
        return out.toString()
                .lines()
                .map(line -> line.strip().replaceAll("/.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> listed(String sign) throws IOException {
        return Files.readAllLines(LIST).stream()
                .filter(line -> line.matches(sign + "[a-z].*"))
                .map(line -> line.substring(sign.length()).split(" ", 2)[0])
                .collect(Collectors.toSet());
    }

    private void unpack(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : List.copyOf(zip.stream().toList())) {
                String name =
                        entry.getName().startsWith(LAYER) ? entry.getName().substring(LAYER.length()) : entry.getName();
                if (name.endsWith(".class") && !name.endsWith("-info.class") && !name.startsWith("META-INF/")) {
                    write(zip, entry, classes.resolve(name));
                }
            }
        }
    }

    private static void write(ZipFile zip, ZipEntry entry, Path file) throws IOException {
        Files.createDirectories(file.getParent());
        try (InputStream in = zip.getInputStream(entry)) {
            Files.write(file, in.readAllBytes());
        }
    }
}
