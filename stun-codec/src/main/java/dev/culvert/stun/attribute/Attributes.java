package dev.culvert.stun.attribute;

import dev.culvert.stun.AttributeType;
import dev.culvert.stun.StunMessage;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The list of all attributes that this library knows. */
public final class Attributes {
    private static final List<AttributeType<?>> DECODED = List.of(
            MappedAddress.TYPE,
            ResponseAddress.TYPE,
            ChangeRequest.TYPE,
            SourceAddress.TYPE,
            ChangedAddress.TYPE,
            Username.TYPE,
            Password.TYPE,
            MessageIntegrity.TYPE,
            ErrorCode.TYPE,
            UnknownAttributes.TYPE,
            ReflectedFrom.TYPE,
            ChannelNumber.TYPE,
            Lifetime.TYPE,
            XorPeerAddress.TYPE,
            Data.TYPE,
            Realm.TYPE,
            Nonce.TYPE,
            XorRelayedAddress.TYPE,
            RequestedAddressFamily.TYPE,
            EvenPort.TYPE,
            RequestedTransport.TYPE,
            DontFragment.TYPE,
            AccessToken.TYPE,
            MessageIntegritySha256.TYPE,
            PasswordAlgorithm.TYPE,
            Userhash.TYPE,
            XorMappedAddress.TYPE,
            ReservationToken.TYPE,
            Priority.TYPE,
            UseCandidate.TYPE,
            Padding.TYPE,
            ResponsePort.TYPE,
            ConnectionId.TYPE,
            AdditionalAddressFamily.TYPE,
            AddressErrorCode.TYPE,
            PasswordAlgorithms.TYPE,
            AlternateDomain.TYPE,
            Icmp.TYPE,
            Software.TYPE,
            AlternateServer.TYPE,
            TransactionTransmitCounter.TYPE,
            CacheTimeout.TYPE,
            Fingerprint.TYPE,
            IceControlled.TYPE,
            IceControlling.TYPE,
            ResponseOrigin.TYPE,
            OtherAddress.TYPE,
            EcnCheck.TYPE,
            ThirdPartyAuthorization.TYPE,
            MobilityTicket.TYPE,
            ReceiptRequest.TYPE,
            ReceiptOrigin.TYPE);

    private static final List<AttributeType<?>> ALL = Stream.concat(DECODED.stream(), OpaqueAttributes.all().stream())
            .<AttributeType<?>>map(type -> type)
            .sorted(Comparator.comparingInt(AttributeType::number))
            .toList();

    private static final int[] NUMBERS =
            ALL.stream().mapToInt(AttributeType::number).toArray();

    private Attributes() {}

    /** Every known attribute, in the order of their numbers. */
    public static List<AttributeType<?>> all() {
        return ALL;
    }

    /** The attribute with this number; empty where it is not known. */
    public static Optional<AttributeType<?>> byNumber(int number) {
        int index = Arrays.binarySearch(NUMBERS, number);
        return index < 0 ? Optional.empty() : Optional.of(ALL.get(index));
    }

    /**
     * The first visible attribute of {@code message} that is known but whose value does not have the form of its type
     * ({@link dev.culvert.stun.Malformation#UNDECODABLE_VALUE}); empty where all decode.
     */
    public static Optional<AttributeType<?>> firstUndecodable(StunMessage message) {
        for (int at = message.firstAttribute(); at != StunMessage.ABSENT; at = message.nextAttribute(at)) {
            int index = Arrays.binarySearch(NUMBERS, message.typeAt(at));
            if (index >= 0
                    && ALL.get(index).decoder().apply(message.valueAt(at)).isEmpty()) {
                return Optional.of(ALL.get(index));
            }
        }
        return Optional.empty();
    }
}
