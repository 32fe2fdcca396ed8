/** The examples of the README and the Javadoc: what is shown there is the text of these sources, and runs as tests. */
@NullMarked
package dev.culvert.ice.examples;

import org.jspecify.annotations.NullMarked;
