/** The effective configuration: one immutable record tree, and how it is bound, checked and printed. */
@NullMarked
package dev.culvert.server.config;

import org.jspecify.annotations.NullMarked;
