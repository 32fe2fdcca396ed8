/** A network in memory: hosts, UDP sockets, timers and imperfect links, driven by virtual time from one seed. */
@NullMarked
package dev.culvert.testkit.net;

import org.jspecify.annotations.NullMarked;
