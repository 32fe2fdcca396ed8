/** Usage events: what each allocation used, to a file and to a webhook. */
@NullMarked
package dev.culvert.relay.usage;

import org.jspecify.annotations.NullMarked;
