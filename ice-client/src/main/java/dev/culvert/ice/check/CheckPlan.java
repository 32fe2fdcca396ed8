package dev.culvert.ice.check;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.nat.ProbeServer;

/**
 * What a check is told before it begins.
 *
 * @param server whom to ask
 * @param schedule when requests are repeated
 * @param streams whether results of {@link ServerCheck#onTcp} and {@link ServerCheck#onTls} are to be waited for
 */
public record CheckPlan(ProbeServer server, RetransmissionSchedule schedule, boolean streams) {}
