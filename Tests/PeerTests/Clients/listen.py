"""Prints each event of an application as a line: listen.py WEBSOCKET-URL"""
import asyncio
import sys

import websockets


async def main(url):
    async with websockets.connect(url) as socket:
        async for message in socket:
            print(message, flush=True)


asyncio.run(main(sys.argv[1]))
