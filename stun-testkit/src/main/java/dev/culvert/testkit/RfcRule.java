package dev.culvert.testkit;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A rule that a module undertakes to keep.
 *
 * <p>Rules stand in a text resource, one a line, lines beginning with {@code #} being comments:
 *
 * <pre>
 * 8489#6.3.1 = a message of an unknown method is refused
 * 8489#6.3.1 (2) = an unknown comprehension-required attribute is answered with 420
 * </pre>
 *
 * <p>A reference is the RFC's number, {@code #} and the section; a number in parentheses tells rules of one section
 * apart.
 *
 * @param reference as in {@link Rfc}
 * @param text the rule in one line
 */
public record RfcRule(String reference, String text) {
    private static final Pattern LINE = Pattern.compile("(\\d+#[0-9A-Z][0-9A-Za-z.]*(?: \\(\\w+\\))?)\\s*=\\s*(\\S.*)");

    /** Reads the rules of a resource, named as for {@link Class#getResource}. */
    public static List<RfcRule> read(Class<?> anchor, String resource) {
        List<RfcRule> rules =
                Resource.lines(anchor, resource).stream().map(RfcRule::parse).toList();
        Set<String> seen = new TreeSet<>();
        for (RfcRule rule : rules) {
            if (!seen.add(rule.reference)) {
                throw new IllegalArgumentException(resource + " has two rules " + rule.reference);
            }
        }
        return rules;
    }

    /** Reads one line. */
    public static RfcRule parse(String line) {
        Matcher matcher = LINE.matcher(line.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not \"number#section = text\": " + line);
        }
        return new RfcRule(matcher.group(1), matcher.group(2));
    }
}
