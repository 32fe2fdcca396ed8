"""One end of an aiortc connection. Tells its SDP, hears the other's, and exchanges data over a data channel."""

import asyncio
import hashlib
import json
import random
import sys

import aiortc
import aiortc.rtcicetransport
from peers import RelayOnly, hear, selected, tell

aiortc.rtcicetransport.Connection = RelayOnly  # aiortc has no iceTransportPolicy
options = json.loads(sys.argv[1])
CHUNK = 1000


class Exchange:
    """Sends pseudo-random bytes, and compares the hash of what comes with the hash that the other end tells."""

    def __init__(self, channel):
        self.channel = channel
        self.hash = hashlib.sha256()
        self.received = 0
        self.done = asyncio.get_running_loop().create_future()
        channel.on("message", self.on_message)

    def on_message(self, message):
        if isinstance(message, bytes):
            self.hash.update(message)
            self.received += len(message)
        elif not self.done.done():
            self.done.set_result(message)

    def send(self):
        data = random.Random(options["seed"]).randbytes(options["bytes"])
        for start in range(0, len(data), CHUNK):
            self.channel.send(data[start : start + CHUNK])
        self.channel.send(hashlib.sha256(data).hexdigest())


async def main():
    server = aiortc.RTCIceServer(urls=options["url"], username=options["user"], credential=options["password"])
    peer = aiortc.RTCPeerConnection(aiortc.RTCConfiguration(iceServers=[server]))
    opened = asyncio.get_running_loop().create_future()

    def on_channel(channel):
        opened.set_result(Exchange(channel))

    if options["offers"]:
        channel = peer.createDataChannel("any")
        channel.on("open", lambda: on_channel(channel))
        await peer.setLocalDescription(await peer.createOffer())
        tell("local", peer.localDescription.sdp)
        await peer.setRemoteDescription(aiortc.RTCSessionDescription(await hear(), "answer"))
    else:
        peer.on("datachannel", on_channel)
        await peer.setRemoteDescription(aiortc.RTCSessionDescription(await hear(), "offer"))
        await peer.setLocalDescription(await peer.createAnswer())
        tell("local", peer.localDescription.sdp)
    exchange = await asyncio.wait_for(opened, 20)
    tell("connected", selected(peer.sctp.transport.transport._connection))
    exchange.send()
    sent_hash = await asyncio.wait_for(exchange.done, 20)
    tell("received", [exchange.received, exchange.hash.hexdigest() == sent_hash])
    await hear()  # the other one is done, too
    await peer.close()
    tell("closed", True)


asyncio.run(main())
