package dev.culvert.ice.portmap;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.VirtualClock;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A router in virtual time with a table of mappings, and a mapper that asks it. Answers take 5 ms. */
final class ScriptedRouter implements PortMapperOutput {
    static final IpAddress ADDRESS = IpAddress.parse("192.168.7.1").orElseThrow();
    static final IpAddress CLIENT = IpAddress.parse("192.168.7.2").orElseThrow();
    static final IpAddress WAN = IpAddress.parse("198.51.100.9").orElseThrow();
    static final TransportAddress SERVER = new TransportAddress(ADDRESS, 5351);

    private static final long LATENCY_NANOS = Duration.ofMillis(5).toNanos();

    final VirtualClock clock;
    final PortMapper mapper;
    final List<PortMapEvent> events = new ArrayList<>();
    final List<byte[]> received = new ArrayList<>();
    final List<Long> receivedAtNanos = new ArrayList<>();
    final List<GatewayHttpRequest> calls = new ArrayList<>();
    /** The mappings, for example {@code UDP 5000} to 5000. */
    final Map<String, Integer> table = new TreeMap<>();

    final Set<MappingProtocol> speaks = EnumSet.noneOf(MappingProtocol.class);
    /** How many of the next datagrams from the client get lost. */
    int toBeLost;

    int result;
    long grantedSeconds = 7200;
    IpAddress wan = WAN;
    /** UPnP errors for the next calls of an action, for example {@code AddPortMapping} to 718, 718. */
    final Map<String, List<Integer>> upnpErrors = new TreeMap<>();

    String description = description("/ctl", "WANIPConnection:1");
    String location = "http://192.168.7.1:5000/root.xml";
    private long bootNanos;
    private final List<Delivery> deliveries = new ArrayList<>();

    private record Delivery(long atNanos, Runnable action) {}

    ScriptedRouter(MappingProtocol... protocols) {
        this(0, protocols);
    }

    ScriptedRouter(long startNanos, MappingProtocol... protocols) {
        clock = VirtualClock.startingAt(startNanos);
        bootNanos = startNanos - Duration.ofHours(1).toNanos();
        speaks.addAll(List.of(protocols));
        mapper = new PortMapper(new Gateway(ADDRESS, CLIENT, 24), new Random(7), this);
    }

    static String description(String controlUrl, String service) {
        return "<?xml version=\"1.0\"?><root xmlns=\"urn:schemas-upnp-org:device-1-0\"><device>"
                + "<manufacturer>ACME</manufacturer><modelName>Box 7</modelName><serviceList><service>"
                + "<serviceType>urn:schemas-upnp-org:service:" + service + "</serviceType>"
                + "<controlURL>" + controlUrl + "</controlURL></service></serviceList></device></root>";
    }

    ScriptedRouter started() {
        mapper.start(clock.nowNanos());
        return this;
    }

    /** Lets time pass, with all that happens meanwhile. */
    ScriptedRouter pass(Duration time) {
        long end = clock.nowNanos() + time.toNanos();
        while (true) {
            OptionalLong next = mapper.nextDeadlineNanos();
            Optional<Delivery> first =
                    deliveries.stream().min(Comparator.comparingLong(delivery -> delivery.atNanos() - end));
            Optional<Delivery> delivered =
                    first.filter(delivery -> next.isEmpty() || delivery.atNanos() - next.getAsLong() <= 0);
            long at = delivered.map(Delivery::atNanos).orElse(next.orElse(end + 1));
            if (at - end > 0) {
                clock.advanceTo(end);
                return this;
            }
            clock.advanceTo(at);
            delivered.ifPresentOrElse(this::deliver, () -> mapper.onTimeout(clock.nowNanos()));
        }
    }

    private void deliver(Delivery delivery) {
        deliveries.remove(delivery);
        delivery.action().run();
    }

    MappingId map(MappingRequest request) {
        return mapper.map(request, clock.nowNanos());
    }

    void restart() {
        bootNanos = clock.nowNanos();
        table.clear();
    }

    /** What arrived at port 5351 with this version and opcode, without what was lost. */
    long requests(int version, int opcode) {
        return received.stream()
                .filter(bytes -> bytes[0] == version && bytes[1] == opcode)
                .count();
    }

    <T extends PortMapEvent> List<T> eventsOf(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    @Override
    public void onEvent(PortMapEvent event) {
        events.add(event);
    }

    @Override
    public void send(TransportAddress to, ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        if (toBeLost > 0) {
            toBeLost--;
            return;
        }
        if (to.equals(SERVER)) {
            received.add(copy);
            receivedAtNanos.add(clock.nowNanos());
            reply(copy);
        } else if (to.equals(new TransportAddress(ADDRESS, 1900)) && speaks.contains(MappingProtocol.UPNP_IGD)) {
            fromRouter(1900, ssdp(location));
        }
    }

    static byte[] ssdp(String location) {
        return ("HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=120\r\nST: urn:schemas-upnp-org:device:InternetGatewayDevice:1"
                        + "\r\nLocation: " + location + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private void reply(byte[] request) {
        boolean isPcp = request[0] == 2;
        if (isPcp && speaks.contains(MappingProtocol.PCP)) {
            fromRouter(5351, pcp(request));
        } else if (isPcp && speaks.contains(MappingProtocol.NAT_PMP)) {
            fromRouter(5351, new byte[] {0, 0, 0, 1, 0, 0, 0, 9});
        } else if (!isPcp && speaks.contains(MappingProtocol.NAT_PMP)) {
            fromRouter(5351, natPmp(request));
        }
    }

    void fromRouter(int port, byte[] bytes) {
        from(new TransportAddress(ADDRESS, port), bytes);
    }

    void from(TransportAddress source, byte[] bytes) {
        later(() -> mapper.onDatagram(source, ByteBuffer.wrap(bytes), clock.nowNanos()));
    }

    private void later(Runnable action) {
        deliveries.add(new Delivery(clock.nowNanos() + LATENCY_NANOS, action));
    }

    int epoch() {
        return (int) Duration.ofNanos(clock.nowNanos() - bootNanos).toSeconds();
    }

    byte[] announcement() {
        return ByteBuffer.allocate(24)
                .put(new byte[] {2, (byte) 128, 0, 0})
                .putInt(0)
                .putInt(epoch())
                .array();
    }

    private byte[] pcp(byte[] request) {
        ByteBuffer in = ByteBuffer.wrap(request);
        ByteBuffer out = ByteBuffer.allocate(request.length).put(request).rewind();
        out.put(1, (byte) (request[1] | 0x80)).put(2, (byte) 0).put(3, (byte) (request[1] == 0 ? 0 : result));
        long lifetime = Math.min(in.getInt(4), grantedSeconds);
        out.putInt(4, (int) lifetime).putInt(8, epoch()).putInt(12, 0).putLong(16, 0);
        if (request[1] == 1 && result == 0) {
            int external = change(in.get(36) == 17 ? "UDP" : "TCP", in.getShort(40), in.getShort(42), lifetime);
            out.putShort(42, (short) external);
            if (lifetime > 0) {
                out.putLong(44, 0).putInt(52, 0xFFFF).put(56, wan.toBytes());
            }
        }
        return out.array();
    }

    private byte[] natPmp(byte[] request) {
        ByteBuffer in = ByteBuffer.wrap(request);
        ByteBuffer out = ByteBuffer.allocate(request[1] == 0 ? 12 : 16);
        out.put((byte) 0)
                .put((byte) (request[1] | 0x80))
                .putShort((short) result)
                .putInt(epoch());
        if (request[1] == 0) {
            return out.put(wan.toBytes()).array();
        }
        long lifetime = Math.min(in.getInt(8), grantedSeconds);
        int external =
                result == 0 ? change(request[1] == 1 ? "UDP" : "TCP", in.getShort(4), in.getShort(6), lifetime) : 0;
        return out.putShort(in.getShort(4))
                .putShort((short) external)
                .putInt((int) lifetime)
                .array();
    }

    private int change(String protocol, int internalPort, int suggested, long lifetime) {
        String key = protocol + " " + (internalPort & 0xFFFF);
        if (lifetime == 0) {
            table.remove(key);
            return 0;
        }
        return table.computeIfAbsent(key, absent -> suggested == 0 ? 40_000 : suggested & 0xFFFF);
    }

    @Override
    public void request(GatewayHttpRequest request) {
        calls.add(request);
        if (!request.isPost()) {
            answer(request, 200, description);
            return;
        }
        String action = request.soapAction().replaceAll(".*#|\"", "");
        List<Integer> errors = upnpErrors.getOrDefault(action, List.of());
        if (!errors.isEmpty()) {
            upnpErrors.put(action, errors.subList(1, errors.size()));
            fault(request, errors.get(0));
            return;
        }
        switch (action) {
            case "GetExternalIPAddress" -> soap(request, "<NewExternalIPAddress>" + wan + "</NewExternalIPAddress>");
            case "AddPortMapping" -> {
                table.put(
                        value(request, "NewProtocol") + " " + value(request, "NewInternalPort"),
                        Integer.parseInt(value(request, "NewExternalPort")));
                soap(request, "");
            }
            case "AddAnyPortMapping" -> {
                table.put(value(request, "NewProtocol") + " " + value(request, "NewInternalPort"), 40_001);
                soap(request, "<NewReservedPort>40001</NewReservedPort>");
            }
            default -> {
                table.values().remove(Integer.valueOf(value(request, "NewExternalPort")));
                soap(request, "");
            }
        }
    }

    static String value(GatewayHttpRequest request, String name) {
        Matcher matcher = Pattern.compile("<" + name + ">(.*?)</").matcher(request.body());
        return matcher.find() ? matcher.group(1) : "";
    }

    private void soap(GatewayHttpRequest request, String values) {
        answer(
                request,
                200,
                "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"x\"><s:Body><u:R xmlns:u=\"y\">" + values
                        + "</u:R></s:Body></s:Envelope>");
    }

    private void fault(GatewayHttpRequest request, int code) {
        answer(
                request,
                500,
                "<s:Envelope xmlns:s=\"x\"><s:Body><s:Fault><faultcode>s:Client</faultcode><detail><UPnPError xmlns=\"z\">"
                        + "<errorCode>" + code
                        + "</errorCode><errorDescription>Nay</errorDescription></UPnPError></detail>"
                        + "</s:Fault></s:Body></s:Envelope>");
    }

    private void answer(GatewayHttpRequest request, int status, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        later(() -> mapper.onHttpAnswer(request.id(), status, bytes, clock.nowNanos()));
    }

    /** The calls of an action, in order. */
    List<GatewayHttpRequest> calls(String action) {
        return calls.stream()
                .filter(call -> call.soapAction().endsWith("#" + action + "\""))
                .toList();
    }
}
