package dev.culvert.server.config;

/**
 * A value as somebody wrote it.
 *
 * @param text the value
 * @param where the option as its source calls it, for {@link Problem#where()}
 */
public record Given(String text, String where) {}
