"""Who is there, as a table in the terminal.

    pip install websockets
    ARI_URL=ws://localhost:8088/ari ARI_USER=monitor ARI_PASSWORD=... python examples/presence_monitor.py

Over wss:// the server's certificate is checked; SSL_CERT_FILE names one to trust. `arioso monitor` does the same without Python.
"""
import asyncio
import base64
import json
import os
import time
import urllib.parse
import urllib.request

import websockets

URL = os.environ.get("ARI_URL", "ws://localhost:8088/ari")
USER, PASSWORD = os.environ.get("ARI_USER", "monitor"), os.environ.get("ARI_PASSWORD", "")
WORDS = {"NOT_INUSE": "🟢 Available", "BUSY": "🔴 Busy", "UNAVAILABLE": "⚫ Unavailable", "RINGING": "🟡 Ringing", "INUSE": "🟡 In use"}


def ask(path):
    """One GET request, for what is known before the first event."""
    login = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    request = urllib.request.Request(URL.replace("ws", "http", 1) + path, headers={"Authorization": f"Basic {login}"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def draw(phones):
    print("\033[2J\033[H" + f"Presence Monitor [{time.strftime('%H:%M:%S')}]\n" + "─" * 50)
    print(f"{'Number':<12}{'Status':<20}{'Updated'}")
    for number in sorted(phones, key=lambda number: (len(number), number)):
        state, updated = phones[number]
        print(f"{number:<12}{WORDS.get(state, state):<20}{updated}")
    print(f"\nExtensions: {len(phones)}", flush=True)


async def main():
    login = f"{urllib.parse.quote(USER, safe='')}:{urllib.parse.quote(PASSWORD, safe='')}"
    events = URL.replace("://", f"://{login}@", 1) + "/events?app=presence-monitor&subscribeAll=true"
    async with websockets.connect(events) as socket:
        phones = {}
        for endpoint in await asyncio.to_thread(ask, "/endpoints/PJSIP"):
            device = await asyncio.to_thread(ask, f"/deviceStates/PJSIP%2F{endpoint['resource']}")
            phones[endpoint["resource"]] = (device["state"], "")
        draw(phones)
        async for message in socket:
            event = json.loads(message)
            if event["type"] == "DeviceStateChanged" and event["device_state"]["name"].startswith("PJSIP/"):
                phones[event["device_state"]["name"][6:]] = (event["device_state"]["state"], time.strftime("%H:%M:%S"))
                draw(phones)


asyncio.run(main())
