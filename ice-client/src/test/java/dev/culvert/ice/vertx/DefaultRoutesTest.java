package dev.culvert.ice.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.AddressFamily;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class DefaultRoutesTest {
    /** 192.168.7.1 and 10.0.0.1 as the kernel prints them on this machine. */
    private static final boolean IS_LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private static final String FIRST = IS_LITTLE ? "0107A8C0" : "C0A80701";
    private static final String SECOND = IS_LITTLE ? "0100000A" : "0A000001";

    @Test
    void theIpv4RouteWithTheLowestMetricComesFirst() {
        List<String> table = List.of(
                "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT",
                "wlan0\t00000000\t" + SECOND + "\t0003\t0\t0\t600\t00000000\t0\t0\t0",
                "eth0\t00000000\t" + FIRST + "\t0003\t0\t0\t100\t00000000\t0\t0\t0",
                "eth0\t0007A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0",
                "tun0\t00000000\t00000000\t0001\t0\t0\t50\t00000000\t0\t0\t0",
                "tun0\t00000000\t" + SECOND + "\t0003\t0\t0\t50\t00000080\t0\t0\t0");

        List<DefaultRoutes.Route> routes = DefaultRoutes.in(table, AddressFamily.IPV4);

        assertThat(routes)
                .extracting(route -> route.interfaceName() + " " + route.gateway())
                .containsExactly("eth0 192.168.7.1", "wlan0 10.0.0.1");
    }

    @Test
    void anIpv6RouteThatIsRejectedOrHasNoRouterDoesNotCount() {
        String zeros = "0".repeat(32);
        List<String> table = List.of(
                zeros + " 00 " + zeros
                        + " 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0",
                zeros + " 00 " + zeros + " 00 " + zeros + " ffffffff 00000001 00000000 00200200       lo",
                "fe800000000000000000000000000000 40 " + zeros + " 00 " + zeros
                        + " 00000100 00000001 00000000 00000001     eth0");

        List<DefaultRoutes.Route> routes = DefaultRoutes.in(table, AddressFamily.IPV6);

        assertThat(routes)
                .singleElement()
                .satisfies(route -> assertThat(route.gateway()).hasToString("fe80::1"));
    }
}
