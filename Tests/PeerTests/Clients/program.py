"""A program that Arioso connects to: program.py ARIOSO SIP-PORT BASE-URL USER PASSWORD PHONE SECRET PORT FOLDER

Serves the applications "standing" (one connection all the time) and "each" (one for each call) at /events, and the audio of calls at /media.
"""
import asyncio
import base64
import json
import sys

import aiohttp
import numpy as np
from aiohttp import web

failures = []


def check(condition, text):
    if not condition:
        failures.append(text)
        print("FAILED", text, flush=True)


class Connection:
    def __init__(self, socket):
        self.socket, self.events, self.over = socket, [], asyncio.Event()
        self.changed = asyncio.Condition()

    async def add(self, event):
        async with self.changed:
            self.events.append(event)
            self.changed.notify_all()

    async def event(self, kind, seconds=20):
        def find():
            return next((e for e in self.events if e["type"] == kind), None)

        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(lambda: find() is not None), seconds)
            return find()

    async def ask(self, method, uri):
        await self.socket.send_json({"type": "RESTRequest", "transaction_id": uri, "request_id": "r", "method": method, "uri": uri})


class Program:
    def __init__(self):
        self.arrivals = asyncio.Queue()
        self.refuses = 0
        self.heard = bytearray()
        self.media_text = []

    async def events(self, request):
        check(request.headers.get("Authorization") == "Basic " + base64.b64encode(b"me:secret").decode(), "the program's credentials")
        if self.refuses > 0:
            self.refuses -= 1
            return web.Response(status=503)
        socket = web.WebSocketResponse(protocols=["ari"])
        await socket.prepare(request)
        connection = Connection(socket)
        self.arrivals.put_nowait(connection)
        async for message in socket:
            await connection.add(json.loads(message.data))
        connection.over.set()
        return socket

    async def media(self, request):
        socket = web.WebSocketResponse(protocols=["media"])
        await socket.prepare(request)
        tone = bytes(0x9F if sample < 4 else 0x1F for sample in range(8)) * 20
        begin = asyncio.get_running_loop().time()

        async def say():
            for index in range(100):
                await socket.send_bytes(tone)
                await asyncio.sleep(max(0, begin + index * 0.02 - asyncio.get_running_loop().time()))

        speaker = asyncio.create_task(say())
        async for message in socket:
            if message.type == aiohttp.WSMsgType.BINARY:
                self.heard += message.data
                if len(self.heard) >= 12000:
                    await socket.send_str("HANGUP")
            else:
                self.media_text.append(message.data)
        speaker.cancel()
        return socket


async def call(setup, number, seconds=6):
    return await asyncio.create_subprocess_exec(
        setup["arioso"], "call", number, "--server", f"127.0.0.1:{setup['sip']}", "--user", setup["phone"], "--password", setup["secret"],
        "--tone", "500", "--seconds", str(seconds), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)


async def standing(program, setup):
    connection = await asyncio.wait_for(program.arrivals.get(), 20)
    first = await connection.event("ApplicationRegistered")
    check(first["application"] == "standing" and connection.events[0] is first, "the application is told first")
    phone = await call(setup, "1004")
    start = await connection.event("StasisStart")
    await connection.ask("POST", f"channels/{start['channel']['id']}/answer")
    check((await connection.event("RESTResponse"))["status_code"] == 204, "requests over the program's connection")
    await connection.ask("GET", "channels")
    # The connection breaks, and the first attempts to open it again fail.
    program.refuses = 2
    await connection.socket.close()
    again = await asyncio.wait_for(program.arrivals.get(), 20)
    await again.event("ApplicationRegistered")
    await again.ask("DELETE", f"channels/{start['channel']['id']}")
    end = await again.event("StasisEnd")
    check(end["channel"]["id"] == start["channel"]["id"], "the call goes on over the new connection")
    await asyncio.wait_for(phone.wait(), 20)


async def each(program, setup):
    first, second = await call(setup, "1005"), await call(setup, "1005")
    one, two = [await asyncio.wait_for(program.arrivals.get(), 20) for _ in range(2)]
    starts = [await connection.event("StasisStart") for connection in (one, two)]
    names = {start["application"] for start in starts}
    check(names == {f"each:{start['channel']['name']}" for start in starts}, f"the applications are called {names}")
    check(starts[0]["channel"]["id"] != starts[1]["channel"]["id"], "each connection has its own call")
    for connection, start in zip((one, two), starts):
        await connection.ask("POST", f"channels/{start['channel']['id']}/continue")
        await connection.event("StasisEnd")
        await connection.event("ApplicationUnregistered")
        await asyncio.wait_for(connection.over.wait(), 10)
    for phone in (first, second):
        await asyncio.wait_for(phone.wait(), 20)
    program.refuses = 1
    phone = await call(setup, "1005", seconds=3)
    output, _ = await asyncio.wait_for(phone.communicate(), 20)
    check(program.arrivals.empty() and b"answered" in output, "without a connection the dialplan goes on")


async def media(program, setup, session):
    """A caller in a bridge with the program that we are connected to."""
    async with session.ws_connect(setup["base"] + "/events?app=audio") as socket:
        phone = await call(setup, "1002", seconds=10)
        start = await socket.receive_json(timeout=20)

        async def ask(method, path, **query):
            async with session.request(method, setup["base"] + path, params=query) as answer:
                body = await answer.read()
                check(answer.status < 300, f"{method} {path}: {answer.status} {body}")
                return json.loads(body) if body else None

        made = await ask(
            "POST", "/channels/externalMedia", app="audio", external_host="voice", encapsulation="none", transport="websocket",
            format="ulaw")
        bridge = await ask("POST", "/bridges", type="mixing")
        for _ in range(20):
            event = await socket.receive_json(timeout=20)
            if event["type"] == "StasisStart":
                break
        await ask("POST", f"/bridges/{bridge['id']}/addChannel", channel=f"{start['channel']['id']},{made['id']}")
        for _ in range(200):
            event = await socket.receive_json(timeout=20)
            if event["type"] == "StasisEnd" and event["channel"]["id"] == made["id"]:
                break
        await ask("DELETE", f"/channels/{start['channel']['id']}")
        output, _ = await asyncio.wait_for(phone.communicate(), 20)
    check(program.media_text and program.media_text[0].startswith("MEDIA_START"), f"the program is told {program.media_text}")
    check(made["name"].startswith("WebSocket/voice/"), made["name"])
    linear = ulaw(np.frombuffer(bytes(program.heard), np.uint8))[4000:]
    time_axis = np.arange(len(linear)) / 8000
    amplitude = 2 * abs(np.mean(linear * np.exp(-2j * np.pi * 500 * time_axis)))
    check(amplitude > 1000, f"the program hears the caller at {amplitude:.0f} in {len(linear)} samples")
    async with session.post(
        setup["base"] + "/channels/externalMedia",
        params={"app": "audio", "external_host": "nobody", "encapsulation": "none", "transport": "websocket", "format": "ulaw"},
    ) as answer:
        check(answer.status == 400 and "websocket_client" in await answer.text(), "a program that is not known")


def ulaw(coded):
    value = ~coded
    exponent, mantissa = (value >> 4) & 7, value & 15
    magnitude = ((mantissa.astype(int) << 3) + 0x84 << exponent.astype(int)) - 0x84
    return np.where(value & 0x80, -magnitude, magnitude).astype(float)


async def main(arioso, sip, base, user, password, phone, secret, port, folder):
    setup = {"arioso": arioso, "sip": sip, "base": base, "phone": phone, "secret": secret}
    program = Program()
    app = web.Application()
    app.router.add_get("/events", program.events)
    app.router.add_get("/media", program.media)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(port)).start()
    async with aiohttp.ClientSession(auth=aiohttp.BasicAuth(user, password)) as session:
        await standing(program, setup)
        await each(program, setup)
        await media(program, setup, session)
    print(f"{len(failures)} failures", flush=True)
    sys.exit(1 if failures else 0)


asyncio.run(main(*sys.argv[1:]))
