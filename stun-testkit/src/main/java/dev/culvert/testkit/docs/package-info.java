/**
 * Documents whose examples are run: the blocks of a page, what is to be done with each, and a shell that does it.
 *
 * <p>{@link dev.culvert.testkit.docs.Mark} tells how a block says what it is.
 */
@NullMarked
package dev.culvert.testkit.docs;

import org.jspecify.annotations.NullMarked;
