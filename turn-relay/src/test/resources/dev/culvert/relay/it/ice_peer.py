"""One end of an aioice connection. Tells its candidates, hears the other's, and exchanges messages of many lengths."""

import asyncio
import hashlib
import json
import sys

import aioice
from aioice import stun
from peers import RelayOnly, hear, selected, tell

options = json.loads(sys.argv[1])


def message(name, number):
    """Its length is anything from 1 to 1200 bytes, so that streams have to pad."""
    length = 1 + number * 37 % 1200
    block = hashlib.sha256(f"{name} {number}".encode()).digest()
    return (block * (length // len(block) + 1))[:length]


def open_connection():
    if options.get("relay"):
        return RelayOnly(
            ice_controlling=options["controlling"],
            turn_server=(options["host"], options["port"]),
            turn_username=options["user"],
            turn_password=options["password"],
            turn_transport=options["transport"],
            turn_ssl=options["tls"],
            use_ipv6=False,
        )
    # Fewer retransmissions: a check that nothing answers ends after 3.5 s and not after 31 s.
    stun.RETRY_MAX = 2
    return aioice.Connection(
        ice_controlling=options["controlling"], stun_server=(options["host"], options["port"]), use_ipv6=False
    )


async def exchange(connection, mine, other, count):
    """Sends and receives message after message; the first one that is lost or altered ends it."""
    total = 0
    for number in range(count):
        await connection.send(message(mine, number))
        received = await asyncio.wait_for(connection.recv(), 10)
        if received != message(other, number):
            raise ValueError(f"message {number} was altered: {received.hex()}")
        total += len(received)
    return total


async def main():
    connection = open_connection()
    connection.remote_is_lite = options.get("lite", False)
    await connection.gather_candidates()
    candidates = [candidate.to_sdp() for candidate in connection.local_candidates]
    tell("local", [connection.local_username, connection.local_password, candidates])
    connection.remote_username, connection.remote_password, remote = await hear()
    for candidate in remote:
        await connection.add_remote_candidate(aioice.Candidate.from_sdp(candidate))
    await connection.add_remote_candidate(None)
    try:
        await connection.connect()
    except ConnectionError as error:
        tell("failed", str(error))
        return
    tell("connected", selected(connection))
    mine, other = ("one", "other") if options["controlling"] else ("other", "one")
    tell("received", await exchange(connection, mine, other, options["messages"]))
    await hear()  # the other one is done, too
    await connection.close()
    tell("closed", True)


asyncio.run(main())
