/** What operators see over HTTP: metrics, health, a status page. */
@NullMarked
package dev.culvert.server.admin;

import org.jspecify.annotations.NullMarked;
