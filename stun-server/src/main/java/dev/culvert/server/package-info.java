/** The STUN server as a program: command line, logging, start and stop. */
@NullMarked
package dev.culvert.server;

import org.jspecify.annotations.NullMarked;
