package dev.culvert.relay.demo;

import dev.culvert.stun.ChannelData;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.stun.attribute.XorRelayedAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a message of TURN says, in a line for people who see it for the first time. */
final class MessageWords {
    private static final int UNAUTHENTICATED = 401;

    private MessageWords() {}

    static String of(ByteBuffer bytes) {
        ChannelData channelData = new ChannelData();
        if (channelData.wrap(bytes) == Malformation.NONE) {
            String text = StandardCharsets.UTF_8.decode(channelData.payload()).toString();
            return "ChannelData on channel " + hex(channelData.number()) + ": \"" + text + "\"";
        }
        StunMessage message = new StunMessage();
        if (message.wrap(bytes) != Malformation.NONE) {
            return bytes.remaining() + " bytes that are not TURN";
        }
        String name = StunMethod.name(message.method());
        return switch (message.messageClass()) {
            case REQUEST -> name + " request" + request(message);
            case SUCCESS_RESPONSE -> name + " success" + success(message);
            case ERROR_RESPONSE -> name + " error" + error(message);
            case INDICATION -> name + " indication" + indication(message);
        };
    }

    private static String request(StunMessage message) {
        StringBuilder words = new StringBuilder();
        message.get(ChannelNumber.TYPE)
                .ifPresent(channel -> words.append(" of channel ").append(hex(channel.number())));
        message.get(XorPeerAddress.TYPE)
                .map(XorPeerAddress::address)
                // A permission is for the address, whatever the port.
                .map(peer -> message.method() == StunMethod.CREATE_PERMISSION ? peer.ip() : peer)
                .ifPresent(peer -> words.append(" for peer ").append(peer));
        message.get(Lifetime.TYPE)
                .filter(lifetime -> lifetime.seconds() == 0)
                .ifPresent(none -> words.append(" with lifetime 0: delete the allocation"));
        words.append(message.has(Nonce.TYPE) ? ", signed with the password" : ", without credentials");
        return words.toString();
    }

    private static String success(StunMessage message) {
        StringBuilder words = new StringBuilder();
        message.get(XorRelayedAddress.TYPE)
                .ifPresent(relayed -> words.append(": relayed address ").append(relayed.address()));
        message.get(Lifetime.TYPE)
                .filter(lifetime -> lifetime.seconds() > 0)
                .ifPresent(lifetime ->
                        words.append(" for ").append(lifetime.seconds()).append(" s"));
        message.get(XorMappedAddress.TYPE)
                .ifPresent(mapped -> words.append(", you come from ").append(mapped.address()));
        return words.toString();
    }

    private static String error(StunMessage message) {
        return message.get(ErrorCode.TYPE)
                .map(error -> ": " + error.code() + " " + ErrorCode.defaultReason(error.code())
                        + (error.code() == UNAUTHENTICATED ? "; here is a nonce, sign with it" : ""))
                .orElse("");
    }

    private static String indication(StunMessage message) {
        String peer = message.get(XorPeerAddress.TYPE)
                .map(address -> (message.method() == StunMethod.SEND ? " to " : " from ") + address.address())
                .orElse("");
        String text = message.get(Data.TYPE)
                .map(data -> new String(data.payload().toBytes(), StandardCharsets.UTF_8))
                .orElse("");
        return peer + ": \"" + text + "\"";
    }

    private static String hex(int number) {
        return "0x%04X".formatted(number);
    }
}
