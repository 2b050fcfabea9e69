"""Prints each event of an application as a line: listen.py WEBSOCKET-URL"""
import asyncio
import signal
import sys

import websockets


async def main(url):
    async with websockets.connect(url) as socket:
        async for message in socket:
            print(message, flush=True)


# `swift test` ignores this signal, and what is ignored is inherited.
signal.signal(signal.SIGTERM, signal.SIG_DFL)
asyncio.run(main(sys.argv[1]))
