package dev.culvert.testkit.sample.right;

import dev.culvert.testkit.sample.left.Left;

/** Needs {@link Left}, which needs a part of it. */
public record Right(Left left) {
    /** What {@link Left} needs. */
    public record Part(int number) {}
}
