/** The examples of docs/embedding.md, docs/junit.md and the Javadoc: what is shown there is the text of these sources. */
@NullMarked
package dev.culvert.relay.examples;

import org.jspecify.annotations.NullMarked;
