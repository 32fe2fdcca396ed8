/** Moments of {@link System#nanoTime}; not exported. */
@NullMarked
package dev.culvert.ice.time;

import org.jspecify.annotations.NullMarked;
