/** What log lines are made of, and how many of a kind are written. */
@NullMarked
package dev.culvert.server.log;

import org.jspecify.annotations.NullMarked;
