/** The command {@code nat-probe}. */
@NullMarked
package dev.culvert.probe;

import org.jspecify.annotations.NullMarked;
