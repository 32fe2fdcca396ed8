package dev.culvert.testkit.docs;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a page shows of a command's output, compared with what the command printed.
 *
 * <p>{@code …} stands for anything within its line, or, alone on a line, for any lines. What differs from run to run matches
 * all of its kind: times, dates, seconds since 1970, ports from 10000 on, numbers with a unit or behind a key of JSON, random
 * hexadecimal and base64. All else is as it is shown, but for the width of columns.
 */
public final class ShownText {
    private static final Pattern VARYING = Pattern.compile(String.join(
            "|",
            "(?<time>\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z?)",
            "(?<base64>\\b[A-Za-z0-9+/]{27}=)",
            "(?<hex>\\b(?:(?=[0-9a-f]*[a-f])(?=[a-f]*\\d)[0-9a-f]{8,15}|[0-9a-f]{16,})\\b)",
            "(?<unix>\\b1[789]\\d{8}\\b)",
            "(?<measured>(?<![\\w.])\\d[\\d,]*(?:\\.\\d+)?(?= ?(?:[mµ]?s\\b|%|[kMG]?bit/s|[kMG]i?B\\b)))",
            "(?<value>(?<=\":)\\d+(?:\\.\\d+)?)",
            "(?<port>(?<![\\w.,-])[1-6]\\d{4}(?![\\w.,-]))",
            "(?<any>…)",
            "(?<space>^ +| {2,})"));

    private final Pattern pattern;

    /** @param shown lines of a page */
    public ShownText(String shown) {
        StringBuilder regex = new StringBuilder();
        for (String line : shown.strip().lines().toList()) {
            regex.append(line.strip().equals("…") ? "(?:.*\n)*?" : linePattern(line.stripTrailing()) + " *\n");
        }
        pattern = Pattern.compile(regex.toString());
    }

    /** Whether a command's output is what is shown. */
    public boolean matches(String output) {
        return pattern.matcher(normal(output)).matches();
    }

    /** Whether an output, which may go on, begins as it is shown. */
    public boolean beginsLike(String output) {
        return pattern.matcher(normal(output)).lookingAt();
    }

    private static String normal(String output) {
        return output.strip() + "\n";
    }

    private static String linePattern(String line) {
        StringBuilder regex = new StringBuilder();
        Matcher varying = VARYING.matcher(line);
        int done = 0;
        while (varying.find()) {
            regex.append(Pattern.quote(line.substring(done, varying.start()))).append(kindOf(varying));
            done = varying.end();
        }
        return regex.append(Pattern.quote(line.substring(done))).toString();
    }

    private static String kindOf(Matcher found) {
        if (found.group("time") != null) {
            return "\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z?";
        }
        if (found.group("base64") != null) {
            return "[A-Za-z0-9+/]{27}=";
        }
        if (found.group("hex") != null) {
            return "[0-9a-f]{" + found.group("hex").length() + "}";
        }
        if (found.group("unix") != null) {
            return "\\d{10}";
        }
        if (found.group("port") != null) {
            return "\\d{4,5}";
        }
        if (found.group("any") != null) {
            return ".*?";
        }
        return found.group("space") != null ? " +" : "\\d[\\d,]*(?:\\.\\d+)?";
    }
}
