/** Keys, message integrity, and what RFC 8489 protects against bidding down. */
@NullMarked
package dev.culvert.stun.integrity;

import org.jspecify.annotations.NullMarked;
