/** ICE candidates and their gathering, by hand: driven with bytes and time. */
@NullMarked
package dev.culvert.ice.gather;

import org.jspecify.annotations.NullMarked;
