/** Which peers a relay may talk to: the operator's rules, the built-in denies, and the one function that asks both. */
@NullMarked
package dev.culvert.relay.policy;

import org.jspecify.annotations.NullMarked;
