package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.Octets;
import dev.culvert.stun.TransportAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Random values of every attribute type, from a seed. */
public final class RandomAttributes {
    private final RandomGenerator random;
    private final Map<Integer, Supplier<Attribute>> generators = new HashMap<>();

    public RandomAttributes(RandomGenerator random) {
        this.random = random;
        addressesOf3489();
        addresses();
        numbers();
        texts();
        octets();
        compound();
        OpaqueAttributes.all()
                .forEach(type -> generators.put(type.number(), () -> new OpaqueAttribute(type, octets(upTo(64)))));
    }

    /** A random value of {@code type}; fails where nobody has said how to make one. */
    public Attribute next(AttributeType<?> type) {
        Supplier<Attribute> generator = generators.get(type.number());
        if (generator == null) {
            throw new AssertionError("no generator for " + type + ": add one to RandomAttributes");
        }
        return generator.get();
    }

    private void put(AttributeType<?> type, Supplier<Attribute> generator) {
        generators.put(type.number(), generator);
    }

    private void addressesOf3489() {
        put(MappedAddress.TYPE, () -> new MappedAddress(address()));
        put(ResponseAddress.TYPE, () -> new ResponseAddress(address()));
        put(SourceAddress.TYPE, () -> new SourceAddress(address()));
        put(ChangedAddress.TYPE, () -> new ChangedAddress(address()));
        put(ReflectedFrom.TYPE, () -> new ReflectedFrom(address()));
    }

    private void addresses() {
        put(XorMappedAddress.TYPE, () -> new XorMappedAddress(address()));
        put(XorPeerAddress.TYPE, () -> new XorPeerAddress(address()));
        put(XorRelayedAddress.TYPE, () -> new XorRelayedAddress(address()));
        put(AlternateServer.TYPE, () -> new AlternateServer(address()));
        put(ResponseOrigin.TYPE, () -> new ResponseOrigin(address()));
        put(OtherAddress.TYPE, () -> new OtherAddress(address()));
        put(ReceiptOrigin.TYPE, () -> new ReceiptOrigin(address()));
    }

    private void numbers() {
        put(ChannelNumber.TYPE, () -> new ChannelNumber(random.nextInt(0x10000)));
        put(Lifetime.TYPE, () -> new Lifetime(uint32()));
        put(Priority.TYPE, () -> new Priority(uint32()));
        put(ConnectionId.TYPE, () -> new ConnectionId(uint32()));
        put(CacheTimeout.TYPE, () -> new CacheTimeout(uint32()));
        put(ResponsePort.TYPE, () -> new ResponsePort(random.nextInt(0x10000)));
        put(RequestedAddressFamily.TYPE, () -> new RequestedAddressFamily(uint8()));
        put(AdditionalAddressFamily.TYPE, () -> new AdditionalAddressFamily(uint8()));
        put(RequestedTransport.TYPE, () -> new RequestedTransport(uint8()));
        put(ReservationToken.TYPE, () -> new ReservationToken(random.nextLong()));
        put(IceControlled.TYPE, () -> new IceControlled(random.nextLong()));
        put(IceControlling.TYPE, () -> new IceControlling(random.nextLong()));
        put(Fingerprint.TYPE, () -> new Fingerprint(random.nextInt()));
        put(Padding.TYPE, () -> new Padding(upTo(2000)));
        put(ReceiptRequest.TYPE, () -> new ReceiptRequest(upTo(2000)));
    }

    private void texts() {
        put(Username.TYPE, () -> new Username(text()));
        put(Realm.TYPE, () -> new Realm(text()));
        put(Nonce.TYPE, () -> new Nonce(text()));
        put(Software.TYPE, () -> new Software(text()));
        put(ThirdPartyAuthorization.TYPE, () -> new ThirdPartyAuthorization(text()));
        put(AlternateDomain.TYPE, () -> new AlternateDomain("s" + upTo(1000) + ".example.org"));
    }

    private void octets() {
        put(Password.TYPE, () -> new Password(octets(upTo(64))));
        put(MessageIntegrity.TYPE, () -> new MessageIntegrity(octets(20)));
        put(MessageIntegritySha256.TYPE, () -> new MessageIntegritySha256(octets(16 + 4 * upTo(4))));
        put(Data.TYPE, () -> new Data(octets(upTo(1500))));
        put(AccessToken.TYPE, () -> new AccessToken(octets(upTo(300))));
        put(Userhash.TYPE, () -> new Userhash(octets(32)));
        put(MobilityTicket.TYPE, () -> new MobilityTicket(octets(upTo(100))));
    }

    private void compound() {
        put(ChangeRequest.TYPE, () -> new ChangeRequest(random.nextBoolean(), random.nextBoolean()));
        put(ErrorCode.TYPE, () -> new ErrorCode(300 + random.nextInt(400), text()));
        put(AddressErrorCode.TYPE, () -> new AddressErrorCode(uint8(), 300 + random.nextInt(400), text()));
        put(UnknownAttributes.TYPE, () -> new UnknownAttributes(list(() -> random.nextInt(0x10000))));
        put(EvenPort.TYPE, () -> new EvenPort(random.nextBoolean()));
        put(DontFragment.TYPE, DontFragment::new);
        put(UseCandidate.TYPE, UseCandidate::new);
        put(PasswordAlgorithm.TYPE, this::passwordAlgorithm);
        put(PasswordAlgorithms.TYPE, () -> new PasswordAlgorithms(list(this::passwordAlgorithm)));
        put(Icmp.TYPE, () -> new Icmp(uint8(), uint8(), uint32()));
        put(TransactionTransmitCounter.TYPE, () -> new TransactionTransmitCounter(uint8(), uint8()));
        put(EcnCheck.TYPE, () -> new EcnCheck(random.nextBoolean(), random.nextInt(4)));
    }

    private PasswordAlgorithm passwordAlgorithm() {
        return new PasswordAlgorithm(random.nextInt(0x10000), octets(upTo(9)));
    }

    private <T> List<T> list(Supplier<T> element) {
        return IntStream.range(0, upTo(5)).mapToObj(i -> element.get()).toList();
    }

    private TransportAddress address() {
        IpAddress ip = random.nextBoolean()
                ? IpAddress.v4(random.nextInt())
                : IpAddress.v6(random.nextLong(), random.nextLong());
        return new TransportAddress(ip, random.nextInt(0x10000));
    }

    private String text() {
        int[] codePoints = random.ints(upTo(120), 0x20, 0x20000)
                .filter(c -> c < 0xD800 || c > 0xDFFF)
                .toArray();
        return new String(codePoints, 0, codePoints.length);
    }

    private Octets octets(int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        random.nextBytes(bytes);
        return Octets.of(bytes);
    }

    private int upTo(int max) {
        return random.nextInt(max + 1);
    }

    private int uint8() {
        return random.nextInt(0x100);
    }

    private long uint32() {
        return random.nextLong(1L << 32);
    }
}
