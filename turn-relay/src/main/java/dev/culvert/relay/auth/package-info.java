/**
 * Long-term credentials of RFC 8489 §9.2, the server's side: who sent a request, and what to answer to whom it is not
 * known. Bytes and time come in as arguments; nothing here knows a socket, a file, a clock or a thread.
 */
@NullMarked
package dev.culvert.relay.auth;

import org.jspecify.annotations.NullMarked;
