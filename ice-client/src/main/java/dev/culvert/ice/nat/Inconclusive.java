package dev.culvert.ice.nat;

/**
 * A question that was not answered.
 *
 * @param what {@code mapping} or {@code filtering}
 * @param why in words
 */
public record Inconclusive(String what, String why) {}
