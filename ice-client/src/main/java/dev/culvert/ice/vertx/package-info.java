/** The ready-made shell: sockets, timers and name look-ups on Vert.x for the cores of this module. */
@NullMarked
package dev.culvert.ice.vertx;

import org.jspecify.annotations.NullMarked;
