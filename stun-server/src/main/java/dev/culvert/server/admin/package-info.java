/** What operators see and do over HTTP: metrics, health, the API, a status page. */
@NullMarked
package dev.culvert.server.admin;

import org.jspecify.annotations.NullMarked;
