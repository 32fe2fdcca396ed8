package dev.culvert.ice.gather;

import java.util.regex.Pattern;

/**
 * A name and value at the end of a candidate that others may understand (RFC 8839 §5.1), such as {@code generation 0}.
 *
 * @param name a token
 * @param value visible ASCII characters, or empty
 */
public record CandidateExtension(String name, String value) {
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9.!%*_+`'~-]+");
    private static final Pattern VISIBLE = Pattern.compile("[!-~]*");

    public CandidateExtension {
        if (!isToken(name)) {
            throw new IllegalArgumentException("the name of an extension is a token, not '" + name + "'");
        }
        if (!VISIBLE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "the value of an extension has visible ASCII characters only, not '" + value + "'");
        }
    }

    /** Whether {@code text} is a token (RFC 3261 §25.1). */
    public static boolean isToken(String text) {
        return TOKEN.matcher(text).matches();
    }
}
