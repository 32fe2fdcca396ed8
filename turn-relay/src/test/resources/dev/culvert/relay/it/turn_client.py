"""A TURN client with as many allocations as asked, or until one is refused. Sends what it is told, tells what comes."""

import asyncio
import json
import sys

from aioice import stun, turn
from peers import hear, tell

options = json.loads(sys.argv[1])


class Receiver(asyncio.DatagramProtocol):
    def __init__(self, number):
        self.number = number

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        tell("data", [self.number, f"{addr[0]}:{addr[1]}", data.decode()])

    def connection_lost(self, error):
        tell("lost", self.number)


async def allocate(number):
    transport, _ = await turn.create_turn_endpoint(
        lambda: Receiver(number),
        server_addr=(options["host"], options["port"]),
        username=options["user"],
        password=options["password"],
        lifetime=options.get("lifetime", 600),
        ssl=options["tls"],
        transport=options["transport"],
    )
    tell("relayed", "%s:%d" % transport.get_extra_info("sockname"))
    return transport


async def main():
    transports = []
    for number in range(options["count"]):
        try:
            transports.append(await allocate(number))
        except stun.TransactionFailed as refused:
            tell("refused", refused.response.attributes["ERROR-CODE"][0])
            break
        except (OSError, stun.TransactionError) as error:
            tell("unanswered", repr(error))
            break
    tell("allocated", len(transports))
    while (order := await hear()) is not None:
        number, host, port, text = order
        if text is None:
            transports[number].close()
        else:
            transports[number].sendto(text.encode(), (host, port))


asyncio.run(main())
