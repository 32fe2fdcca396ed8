/** The lines of SDP that speak of ICE: read and written. */
@NullMarked
package dev.culvert.ice.sdp;

import org.jspecify.annotations.NullMarked;
