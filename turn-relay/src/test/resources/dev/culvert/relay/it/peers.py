"""What the scripts beside this one share: lines to and from the test, and connections that only relay."""

import asyncio
import json
import sys

import aioice
from aioice.ice import TransportPolicy


def tell(word, value):
    print(word, json.dumps(value), flush=True)


async def hear():
    """The next line from the test; None at the end."""
    line = await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    return json.loads(line) if line else None


class RelayOnly(aioice.Connection):
    """Has no candidate but the relayed one, and sends no check from any other socket."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, transport_policy=TransportPolicy.RELAY, **kwargs)

    async def gather_candidates(self):
        await super().gather_candidates()
        for protocol in [p for p in self._protocols if p.local_candidate.type != "relay"]:
            self._protocols.remove(protocol)
            await protocol.close()
        self._queue = asyncio.Queue()  # each of them has reported its end as if it were the connection's


def selected(connection):
    """The types of the nominated pair."""
    pair = connection._nominated[1]
    return [pair.local_candidate.type, pair.remote_candidate.type]
