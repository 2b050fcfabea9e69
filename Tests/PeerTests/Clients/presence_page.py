"""The presence monitor of the manual page: presence_page.py EVENTS-URI

Behaves as the page's script does: no REST request, an empty table at first, the whole screen drawn again with each event it reads.
"""
import asyncio
import json
import sys
from datetime import datetime

import websockets

WORDS = {"NOT_INUSE": "Available", "BUSY": "Busy", "UNAVAILABLE": "Unavailable"}
peers = {}


def set_state(number, state):
    peer = peers.setdefault(number, {"name": number, "state": "unknown", "updated": ""})
    peer["state"] = state or peer["state"]
    peer["updated"] = datetime.now().strftime("%H:%M:%S")
    draw()


def draw():
    rows = [f"{number} {WORDS.get(peer['state'], '? ' + peer['state'])}" for number, peer in sorted(peers.items())]
    print("table: " + ", ".join(rows) + ".", flush=True)


def read(event):
    kind = event.get("type")
    if kind == "DeviceStateChanged":
        name, state = event["device_state"]["name"], event["device_state"]["state"]
        if name.startswith("PJSIP/"):
            set_state(name[len("PJSIP/"):], state)
    elif kind == "PeerStatusChange":
        state = {"online": "NOT_INUSE", "offline": "UNAVAILABLE"}.get(event["endpoint"]["state"])
        set_state(event["endpoint"]["resource"], state)
    elif kind == "ContactStatusChange":
        state = {"Reachable": "NOT_INUSE", "Unreachable": "UNAVAILABLE", "NonQualified": "UNAVAILABLE"}.get(
            event["contact_info"]["contact_status"])
        set_state(event["endpoint"]["resource"], state)


async def main():
    async with websockets.connect(sys.argv[1]) as socket:
        draw()
        async for message in socket:
            read(json.loads(message))


asyncio.run(main())
