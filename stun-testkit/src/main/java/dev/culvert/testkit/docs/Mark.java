package dev.culvert.testkit.docs;

import java.util.Map;
import java.util.function.Function;

/**
 * What is done with a block of a page. It stands in a comment on the line above the block, {@code <!-- example: … -->};
 * without one the language of the block tells.
 */
public sealed interface Mark {
    /** {@code on HOST}, or the language {@code console}: commands that are run, with what they print. */
    record Run(String host) implements Mark {}

    /**
     * {@code part of FILE}, or the language {@code java}: lines that stand in that file of the repository, or in any of its
     * Java sources where {@code file} is empty. A line {@code …} stands for lines that are not shown.
     */
    record PartOf(String file) implements Mark {}

    /** {@code check PROGRAM}, or the language {@code yaml}: a configuration that the program's {@code check} finds sound. */
    record Check(String program) implements Mark {}

    /** {@code schema FILE}, or the language {@code json}: JSON that fits a file of docs/schema; any where it is empty. */
    record Schema(String file) implements Mark {}

    /** {@code excerpt of PAGE}: commands that are run in that page, with parts of what is shown there. */
    record ExcerptOf(String page) implements Mark {}

    /** {@code held by TEST}: a test of that name, whose source names the page, runs it or compares it. */
    record HeldBy(String test) implements Mark {}

    /** {@code not run: REASON}. */
    record NotRun(String reason) implements Mark {}

    /** {@code before} or {@code before on HOST}, in a comment without a block: commands that prepare what follows. */
    record Before(String host) implements Mark {}

    /** Where commands run unless something else is said. */
    String SERVER = "server";

    /** What is said by these words; an exception names them where they are none. */
    static Mark parse(String words) {
        Map<String, Function<String, Mark>> kinds = Map.of(
                "on ", Run::new,
                "part of ", PartOf::new,
                "check ", Check::new,
                "schema ", Schema::new,
                "excerpt of ", ExcerptOf::new,
                "held by ", HeldBy::new,
                "not run: ", NotRun::new);
        return kinds.entrySet().stream()
                .filter(kind -> words.startsWith(kind.getKey()))
                .map(kind -> kind.getValue().apply(words.substring(kind.getKey().length())))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("\"example: " + words + "\" is none of " + kinds.keySet()));
    }

    /** What a language says by itself where commands are run on {@code host}; an exception says what to do where it says nothing. */
    static Mark ofLanguage(String language, String host) {
        return switch (language) {
            case "console" -> new Run(host);
            case "java" -> new PartOf("");
            case "json" -> new Schema("");
            case "yaml" -> new Check("turn-relay");
            default ->
                throw new IllegalArgumentException("nobody runs or checks a block of \"" + language
                        + "\": use console, java, json or yaml, or write <!-- example: … --> above it");
        };
    }
}
