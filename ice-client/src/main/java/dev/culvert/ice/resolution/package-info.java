/** From a URI to servers that are tried: DNS discovery and happy eyeballs, driven by hand. */
@NullMarked
package dev.culvert.ice.resolution;

import org.jspecify.annotations.NullMarked;
