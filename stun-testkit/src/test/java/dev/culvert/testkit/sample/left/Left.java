package dev.culvert.testkit.sample.left;

import dev.culvert.testkit.sample.right.Right;

/** Needs {@link Right}, which needs it. */
public record Left(Right.Part part) {}
