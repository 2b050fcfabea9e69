"""Measures who hears whom: audio_paths.py ARIOSO SIP-PORT BASE-URL USER PASSWORD PHONE SECRET AUDIOSOCKET-PORT FOLDER

Every phone says a tone of its own; after each step the tones that each one hears are compared with those that it should hear, within 3 dB.
Phones call 1002, which answers and enters the application "audio"; 1003 runs AudioSocket() with a program of this script.
"""
import asyncio
import io
import json
import os
import sys
import time
import wave

import aiohttp
import numpy as np
from aiohttp import web

STEP = 1.0
failures = []


def check(condition, text):
    if not condition:
        failures.append(text)
        print("FAILED", text, flush=True)


def level(samples, rate, tone):
    """The amplitude of a tone, 0 for none."""
    if len(samples) < rate // 10:
        return 0
    time_axis = np.arange(len(samples)) / rate
    window = np.hanning(len(samples))
    return 2 * abs(np.sum(samples * window * np.exp(-2j * np.pi * tone * time_axis))) / np.sum(window)


def read_wav(source):
    with wave.open(source) as file:
        return np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(float), file.getframerate()


class ARI:
    def __init__(self, session, base):
        self.session, self.base = session, base
        self.entered = asyncio.Queue()

    async def ask(self, method, path, **query):
        async with self.session.request(method, self.base + path, params=query) as answer:
            body = await answer.read()
            if answer.status >= 300:
                raise RuntimeError(f"{method} {path} {query}: {answer.status} {body}")
            return json.loads(body) if body and answer.content_type == "application/json" else body

    async def listen(self):
        async with self.session.ws_connect(self.base + "/events?app=audio") as socket:
            self.entered.put_nowait(None)
            async for message in socket:
                event = json.loads(message.data)
                if event["type"] == "StasisStart":
                    self.entered.put_nowait(event["channel"]["id"])


class Phone:
    """A phone that says a tone and records what it hears; its recording begins with the silence that it is sent first."""

    def __init__(self, setup, tone):
        self.setup, self.tone = setup, tone
        self.file = os.path.join(setup["folder"], f"heard-{tone}.wav")

    async def call(self, ari, number="1002"):
        options = ["--server", f"127.0.0.1:{self.setup['sip']}", "--user", self.setup["phone"], "--password", self.setup["secret"]]
        self.process = await asyncio.create_subprocess_exec(
            self.setup["arioso"], "call", number, *options, "--tone", str(self.tone), "--seconds", "60", "--record", self.file,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
        if number == "1002":
            self.channel = await asyncio.wait_for(ari.entered.get(), 20)
            await ari.ask("POST", f"/channels/{self.channel}/silence")
        self.start = time.monotonic()
        return self

    async def hang_up(self, ari):
        await ari.ask("DELETE", f"/channels/{self.channel}")
        await self.collect()

    async def collect(self):
        await asyncio.wait_for(self.process.communicate(), 20)
        self.heard, self.rate = read_wav(self.file)

    def tones(self, step, tones):
        """The levels of tones in a step, without its first 0.35 s, in which delays settle."""
        begin, end = (int((moment - self.start) * self.rate) for moment in (step[0] + 0.35, step[1] - 0.05))
        return {tone: level(self.heard[begin:end], self.rate, tone) for tone in tones}


async def steps(ari, setup):
    a, b, c, d = [await Phone(setup, tone).call(ari) for tone in (440, 620, 850, 1100)]
    timeline = []

    async def step(name, expected):
        begin = time.monotonic()
        await asyncio.sleep(STEP)
        timeline.append((name, (begin, time.monotonic()), expected))

    bridge = (await ari.ask("POST", "/bridges", type="mixing"))["id"]
    await ari.ask("POST", f"/bridges/{bridge}/addChannel", channel=f"{a.channel},{b.channel}")
    await step("two in a bridge", {a: {620}, b: {440}, c: set(), d: set()})
    await ari.ask("POST", f"/bridges/{bridge}/addChannel", channel=c.channel)
    await step("a third joins", {a: {620, 850}, b: {440, 850}, c: {440, 620}, d: set()})
    await ari.ask("POST", f"/channels/{a.channel}/mute", direction="in")
    await step("one is muted", {a: {620, 850}, b: {850}, c: {620}, d: set()})
    await ari.ask("DELETE", f"/channels/{a.channel}/mute", direction="in")
    await ari.ask("POST", f"/channels/{b.channel}/mute", direction="out")
    await step("another hears nothing", {a: {620, 850}, b: set(), c: {440, 620}, d: set()})
    await ari.ask("DELETE", f"/channels/{b.channel}/mute", direction="out")
    spy = (await ari.ask("POST", f"/channels/{a.channel}/snoop", app="audio", spy="both", whisper="none"))["id"]
    await asyncio.wait_for(ari.entered.get(), 10)
    booth = (await ari.ask("POST", "/bridges", type="mixing"))["id"]
    await ari.ask("POST", f"/bridges/{booth}/addChannel", channel=f"{spy},{d.channel}")
    await step("one is listened to", {a: {620, 850}, b: {440, 850}, c: {440, 620}, d: {440, 620, 850}})
    await ari.ask("DELETE", f"/channels/{spy}")
    whisperer = (await ari.ask("POST", f"/channels/{a.channel}/snoop", app="audio", spy="in", whisper="out"))["id"]
    await asyncio.wait_for(ari.entered.get(), 10)
    await ari.ask("POST", f"/bridges/{booth}/addChannel", channel=whisperer)
    await step("one is whispered to", {a: {620, 850, 1100}, b: {440, 850}, c: {440, 620}, d: {440}})
    await ari.ask("DELETE", f"/channels/{whisperer}")
    await ari.ask("POST", f"/bridges/{bridge}/record", name="conference", format="wav")
    await step("the bridge is recorded", {a: {620, 850}, b: {440, 850}, c: {440, 620}, d: set()})
    await ari.ask("POST", "/recordings/live/conference/stop")
    await ari.ask("POST", f"/bridges/{bridge}/removeChannel", channel=c.channel)
    await step("the third leaves", {a: {620}, b: {440}, c: set(), d: set()})
    playing = await ari.ask("POST", f"/bridges/{bridge}/play", media="tone:1400")
    await step("a tone is played to all", {a: {620, 1400}, b: {440, 1400}, c: set(), d: set()})
    await ari.ask("DELETE", f"/playbacks/{playing['id']}")
    playing = await ari.ask("POST", f"/bridges/{bridge}/play", media=f"sound:http://127.0.0.1:{setup['program']}/tone.wav")
    await step("a file of another host is played", {a: {620, 1750}, b: {440, 1750}, c: set(), d: set()})
    for phone in (a, b, c, d):
        await phone.hang_up(ari)
    await ari.ask("DELETE", f"/bridges/{bridge}")
    await ari.ask("DELETE", f"/bridges/{booth}")

    tones = (440, 620, 850, 1100, 1400, 1750)
    usual = a.tones(timeline[0][1], tones)[620]
    check(usual > 500, f"the first tone has a level of {usual}")
    for name, span, expected in timeline:
        for phone, wanted in expected.items():
            for tone, amplitude in phone.tones(span, tones).items():
                # What is played has a level of its own.
                loud = amplitude > 300 if tone in (1400, 1750) else usual / 1.42 < amplitude < usual * 1.42
                good = loud if tone in wanted else amplitude < usual / 30
                check(good, f"{name}: {phone.tone} hears {tone} at {amplitude:.0f} of {usual:.0f}")
    samples, rate = read_wav(io.BytesIO(await ari.ask("GET", "/recordings/stored/conference/file")))
    for tone in tones:
        amplitude = level(samples[rate // 4 :], rate, tone)
        good = usual / 1.42 < amplitude < usual * 1.42 if tone in (440, 620, 850) else amplitude < usual / 30
        check(good, f"the recording has {tone} at {amplitude:.0f}")
    print(f"{len(timeline)} steps, usual level {usual:.0f}", flush=True)
    return usual


async def other_host(port):
    """Serves a tone of 1750 Hz as a WAV file."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes((4000 * np.sin(2 * np.pi * 1750 * np.arange(16000) / 8000)).astype("<i2").tobytes())

    async def answer(request):
        return web.Response(body=content.getvalue(), content_type="audio/wav", headers={"Cache-Control": "max-age=60"})

    app = web.Application()
    app.router.add_get("/tone.wav", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner


class Program:
    """Talks AudioSocket: says a tone of 2000 Hz and keeps what it hears, 8 kHz."""

    def __init__(self):
        self.uuid, self.heard, self.over = None, bytearray(), asyncio.Event()

    async def talk(self, reader, writer):
        tone = (8000 * np.sin(2 * np.pi * 2000 * np.arange(160) / 8000)).astype("<i2").tobytes()
        begin = asyncio.get_running_loop().time()

        async def say():
            for index in range(150):
                writer.write(b"\x10\x01\x40" + tone)
                await asyncio.sleep(max(0, begin + index * 0.02 - asyncio.get_running_loop().time()))

        speaker = asyncio.create_task(say())
        try:
            while True:
                kind, high, low = await reader.readexactly(3)
                payload = await reader.readexactly(high * 256 + low)
                if kind == 0x01:
                    self.uuid = payload.hex()
                elif kind == 0x10:
                    self.heard += payload
                elif kind == 0x00:
                    break
                if len(self.heard) >= 2 * 8000 * 2:
                    writer.write(b"\x00\x00\x00")
                    break
        except asyncio.IncompleteReadError:
            pass
        speaker.cancel()
        writer.close()
        self.over.set()

    def expect(self, tone, name):
        samples = np.frombuffer(bytes(self.heard), "<i2").astype(float)
        amplitude = level(samples[4000:], 8000, tone)
        check(amplitude > 1000, f"{name}: the program hears {tone} at {amplitude:.0f} in {len(samples)} samples")


async def audio_sockets(ari, setup):
    """A program that is connected to by the dialplan, and one that connects to the server."""
    program = Program()
    server = await asyncio.start_server(program.talk, "127.0.0.1", setup["program"])
    phone = await Phone(setup, 700).call(ari, "1003")
    await asyncio.wait_for(program.over.wait(), 20)
    await phone.collect()
    server.close()
    check(program.uuid == "40325ec25efd4bd3805f53576e581d13", f"the UUID is {program.uuid}")
    program.expect(700, "AudioSocket()")
    heard = level(phone.heard[phone.rate // 2 : phone.rate * 3 // 2], phone.rate, 2000)
    check(heard > 2000, f"AudioSocket(): the phone hears the program at {heard:.0f}")

    phone = await Phone(setup, 900).call(ari)
    uuid = "f2b8a0f4-5c1e-4d3c-9a6a-0b7f6f4f1a2b"
    media = await ari.ask(
        "POST", "/channels/externalMedia", app="audio", encapsulation="audiosocket", transport="tcp", connection_type="server",
        format="slin", data=uuid)
    bridge = (await ari.ask("POST", "/bridges", type="mixing"))["id"]
    stranger, stranger_out = await asyncio.open_connection("127.0.0.1", setup["audiosocket"])
    stranger_out.write(b"\x01\x00\x10" + bytes(16))
    check(await asyncio.wait_for(stranger.read(), 10) == b"", "a program that names no call is sent away")
    program = Program()
    reader, writer = await asyncio.open_connection("127.0.0.1", setup["audiosocket"])
    writer.write(b"\x01\x00\x10" + bytes.fromhex(uuid.replace("-", "")))
    talk = asyncio.create_task(program.talk(reader, writer))
    await asyncio.wait_for(ari.entered.get(), 10)
    await ari.ask("POST", f"/bridges/{bridge}/addChannel", channel=f"{phone.channel},{media['id']}")
    joined = time.monotonic()
    await asyncio.wait_for(talk, 20)
    await phone.hang_up(ari)
    program.expect(900, "a program that connects")
    heard = phone.tones((joined, joined + 1.5), (2000,))[2000]
    check(heard > 2000, f"a program that connects: the phone hears it at {heard:.0f}")


async def main(arioso, sip, base, user, password, phone, secret, audiosocket, program, folder):
    setup = {
        "arioso": arioso, "sip": sip, "phone": phone, "secret": secret, "folder": folder, "audiosocket": int(audiosocket),
        "program": int(program),
    }
    async with aiohttp.ClientSession(auth=aiohttp.BasicAuth(user, password)) as session:
        ari = ARI(session, base)
        listener = asyncio.create_task(ari.listen())
        await asyncio.wait_for(ari.entered.get(), 10)
        host = await other_host(setup["program"])
        await steps(ari, setup)
        await host.cleanup()
        await audio_sockets(ari, setup)
        listener.cancel()
    print(f"{len(failures)} failures", flush=True)
    sys.exit(1 if failures else 0)


asyncio.run(main(*sys.argv[1:]))
