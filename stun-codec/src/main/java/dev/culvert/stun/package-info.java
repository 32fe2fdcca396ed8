/**
 * STUN messages as bytes: views to read them, a writer to append them, and the values they are made of.
 *
 * <p>Nothing here knows a socket, a clock or a thread.
 */
@NullMarked
package dev.culvert.stun;

import org.jspecify.annotations.NullMarked;
