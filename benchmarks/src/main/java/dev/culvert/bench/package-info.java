/** Measurements: micro-benchmarks, and whole servers side by side under the same load. */
@NullMarked
package dev.culvert.bench;

import org.jspecify.annotations.NullMarked;
