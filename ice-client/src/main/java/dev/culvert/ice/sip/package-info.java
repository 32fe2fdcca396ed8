/** Whether something on the way rewrites SIP (an ALG): requests to a reflector, and what came back; no sockets, no clock. */
@NullMarked
package dev.culvert.ice.sip;

import org.jspecify.annotations.NullMarked;
