"""Calls of a real browser: calls.py SCENARIO CHROMIUM HTTP-PORT FOLDER [STUN-PORT]

Each scenario is a function below; it ends with an error when something is not as it should be.
"""
import asyncio, base64, contextlib, glob, json, os, re, sys, wave

import aiohttp
import numpy as np
from aioice import stun
from pystoi import stoi

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lossy import Network
from page import RATE, browser, report, tone

SCENARIO, CHROMIUM, PORT, FOLDER = sys.argv[1:5]
USER, PASSWORD, SECRET = "peer", "Qm7w-peer-Zt4x", "Hx9v-phone-Lb2k"
LOGIN = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
SERVER = f"ws://127.0.0.1:{PORT}/ws"
# What our tones are: 0.25 of full scale.
SAID_DB = -12.0
SPEECH = "/usr/share/asterisk/sounds/en/demo-congrats.wav"


def check(condition, *what):
    if not condition:
        raise AssertionError(" ".join(str(part) for part in what))


def check_tone(heard, hz, gap_ms=60):
    print(heard, flush=True)
    check(abs(heard["frequency"] - hz) < 5, "the tone is another:", heard)
    check(abs(heard["level"] - SAID_DB) <= 3, "the level is more than 3 dB off:", heard)
    check(heard["gap"] <= gap_ms, "there is a gap:", heard)


class ARI:
    """An application of the REST interface, with its events in a queue."""

    def __init__(self, session, events):
        self.session, self.events, self.seen = session, events, []

    async def ask(self, method, path, **fields):
        async with self.session.request(method, f"http://127.0.0.1:{PORT}/ari{path}", params=fields) as answer:
            text = await answer.text()
            check(answer.status < 300, method, path, answer.status, text)
            return json.loads(text) if text else None

    async def event(self, kind, seconds=15):
        while True:
            message = json.loads((await asyncio.wait_for(self.events.receive(), seconds)).data)
            self.seen.append(message)
            if message["type"] == kind:
                return message


@contextlib.asynccontextmanager
async def application(name):
    async with aiohttp.ClientSession(headers={"Authorization": LOGIN}) as session:
        async with session.ws_connect(f"http://127.0.0.1:{PORT}/ari/events?app={name}") as events:
            yield ARI(session, events)


async def registered(open_page, user="6001", **options):
    page = await open_page()
    await page.register(SERVER, user, SECRET, **options)
    return page


async def echo(open_page):
    """Browser and server, for a minute: the tone, how loud, how late, and without a gap."""
    page = await registered(open_page)
    await page.call("1002", 440)
    await asyncio.sleep(1)
    check_tone(report(await page.heard(60)), 440)
    quality = await page.quality()
    check(quality["codec"] == "opus", quality)
    # Read in the answer, for Firefox has no such list in a receiver's parameters.
    answer = await page.page.evaluate("() => call.peer.remoteDescription.sdp")
    agreed = re.findall(r"^a=extmap:\d+ (\S+)", answer, re.MULTILINE)
    check({"urn:ietf:params:rtp-hdrext:ssrc-audio-level", "urn:ietf:params:rtp-hdrext:sdes:mid"} <= set(agreed), answer)
    said = await page.page.evaluate("() => call.peer.getReceivers()[0].getSynchronizationSources()[0].audioLevel")
    check(said is None or abs(20 * np.log10(said) - SAID_DB) < 4, "the level told is another:", said)
    delays = await page.delays()
    print("there and back:", delays, flush=True)
    check(len(delays) == 5 and sorted(delays)[2] <= 150, "the delay is too long:", delays)
    await page.hang_up()


async def echo_g711(open_page):
    """An extension without Opus gets G.711, protected as well."""
    page = await registered(open_page, "6004")
    await page.call("1002", 440)
    await asyncio.sleep(1)
    check_tone(report(await page.heard(4)), 440)
    quality = await page.quality()
    check(quality["codec"] in ("PCMU", "PCMA"), quality)
    await page.hang_up()


async def phone(open_page):
    """Browser and desk phone; the phone says 700 Hz and hears 440 Hz, which it measures itself."""
    page = await registered(open_page)
    await page.call("6003", 440)
    await asyncio.sleep(1)
    check_tone(report(await page.heard(4)), 700)
    await page.hang_up()
    await asyncio.sleep(1)


async def called(open_page):
    """A desk phone calls the browser, which answers; the caller hangs up."""
    page = await registered(open_page)
    print("ready", flush=True)
    await page.answer(440)
    await asyncio.sleep(1)
    check_tone(report(await page.heard(3)), 700)
    await page.page.wait_for_function("() => call.state === 'over'", timeout=20_000)


async def bridge(open_page):
    """Two browsers in a bridge of an application, which mutes, records, snoops and plays."""
    async with application("conference") as ari:
        one, two = await registered(open_page, "6001"), await registered(open_page, "6002")
        made = await ari.ask("POST", "/bridges", type="mixing")
        channels = []
        for page, hz in ((one, 440), (two, 880)):
            await page.call("1006", hz)
            channels.append((await ari.event("StasisStart"))["channel"]["id"])
            await ari.ask("POST", f"/bridges/{made['id']}/addChannel", channel=channels[-1])
        await asyncio.sleep(1.5)
        heard = await asyncio.gather(one.heard(4), two.heard(4))
        check_tone(report(heard[0]), 880)
        check_tone(report(heard[1]), 440)
        await ari.ask("POST", f"/channels/{channels[0]}/mute", direction="in")
        await asyncio.sleep(0.5)
        check(report(await two.heard(1))["level"] < -50, "a muted browser is heard")
        await ari.ask("DELETE", f"/channels/{channels[0]}/mute", direction="in")
        await ari.ask("POST", f"/bridges/{made['id']}/record", name="both", format="wav", maxDurationSeconds=2)
        finished = await ari.event("RecordingFinished")
        await ari.ask("POST", f"/bridges/{made['id']}/play", media="sound:hello-world")
        await ari.event("PlaybackFinished")
        snoop = await ari.ask("POST", f"/channels/{channels[1]}/snoop", spy="in", app="conference")
        await ari.event("StasisStart")
        await ari.ask("POST", f"/channels/{snoop['id']}/record", name="spied", format="wav", maxDurationSeconds=1)
        await ari.event("RecordingFinished")
        for name, tones in (("both", (440, 880)), ("spied", (880,))):
            samples, rate = wav(os.path.join(FOLDER, "data/recordings", f"{name}.wav"))
            steady = samples[rate // 4 :]
            for hz in tones:
                check(tone.tone_share(steady, rate, hz) > 0.8 / len(tones) / 2, name, "lacks", hz)
        check(finished["recording"]["state"] == "done", finished)
        # Digits of a browser arrive at the clock of Opus.
        await one.page.evaluate("() => call.sendDigits('42#')")
        digits = [(await ari.event("ChannelDtmfReceived"))["digit"] for _ in range(3)]
        check(digits == ["4", "2", "#"], digits)
        await one.page.evaluate("async () => { await call.hold(); }")
        await ari.event("ChannelHold")
        await one.page.evaluate("async () => { await call.hold(false); }")
        await ari.event("ChannelUnhold")
        check_tone(report((await two.heard(2))[RATE // 2 :]), 440)
        await ari.ask("DELETE", f"/channels/{channels[1]}")
        await two.page.wait_for_function("() => call.state === 'over'")
        await one.hang_up()
        await ari.event("StasisEnd")


async def hello_world(open_page):
    """The manual page's first example, for a browser: the sound is heard, then the call ends."""
    async with application("hello-world") as ari:
        page = await registered(open_page)
        await page.call("1000", 440)
        channel = (await ari.event("StasisStart"))["channel"]["id"]
        await ari.ask("POST", f"/channels/{channel}/play", media="sound:hello-world")
        samples = await page.heard(2)
        # The sound rises from 300 to 3000 Hz in a second.
        loud = np.flatnonzero(np.abs(samples) > 1000)
        check(len(loud) and loud[-1] - loud[0] > 0.9 * RATE, "the sound is not heard")
        rising = [tone.frequency(samples[at : at + RATE // 10], RATE) for at in range(loud[0], loud[0] + int(0.8 * RATE), RATE // 10)]
        print(rising, flush=True)
        check(all(next_ > last for last, next_ in zip(rising, rising[1:])), "the sound does not rise", rising)
        await ari.ask("DELETE", f"/channels/{channel}")
        await page.page.wait_for_function("() => call.state === 'over'")


def wav(path):
    with wave.open(path) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        return samples.reshape(-1, file.getnchannels())[:, 0], file.getframerate()


def intelligibility(said, said_rate, heard, heard_rate):
    """Short-time objective intelligibility (STOI, 0 to 1) of what was said in what was heard, and the seconds that were found.

    Measured in pieces of 2.5 s, each at its best place within half a second: a listener's buffer changes its delay, which nobody minds.
    """
    rate, piece, slack = 10_000, 25_000, 5_000

    def resampled(samples, own_rate):
        count = int(len(samples) * rate / own_rate)
        return np.interp(np.linspace(0, len(samples) - 1, count), np.arange(len(samples)), samples.astype(np.float64))

    def place(one, two):
        """Where the first is found best in the second."""
        size = len(one) + len(two)
        likeness = np.fft.irfft(np.fft.rfft(two, size) * np.conj(np.fft.rfft(one, size)), size)
        return int(np.argmax(likeness[: max(1, len(two) - len(one) // 2)]))

    one, two = resampled(said, said_rate), resampled(heard, heard_rate)
    shift = place(one, two)
    measures = []
    for start in range(0, len(one) - piece + 1, piece):
        part, begin = one[start : start + piece], max(0, start + shift - slack)
        around = two[begin : start + shift + piece + slack]
        own = place(part, around)
        if len(around) - own >= piece:
            measures.append(stoi(part, around[own : own + piece], rate))
    return float(np.mean(measures)) if measures else 0.0, len(measures) * piece / rate


async def loss(open_page, percent, least):
    """Speech over a network that loses packets both ways and delays each by up to 50 ms: it stays intelligible, and the call goes on."""
    async with application("speech") as ari:
        page = await open_page()
        network = Network(percent / 100, 50)
        await page.page.expose_function("detourPort", network.port)
        await page.page.evaluate("() => detour(detourPort)")
        await page.register(SERVER, "6001", SECRET)
        await page.call("1007", 440)
        channel = (await ari.event("StasisStart"))["channel"]["id"]
        # The first reports tell the encoders of both sides what to expect.
        await asyncio.sleep(6)
        said, rate = wav(SPEECH)
        said = said[: 10 * rate]
        playback = await ari.ask("POST", f"/channels/{channel}/play", media="sound:speech")
        heard = await page.heard(12)
        await ari.ask("DELETE", f"/playbacks/{playback['id']}")
        await ari.ask("POST", f"/channels/{channel}/record", name=f"loss-{percent}", format="wav", maxDurationSeconds=12)
        await page.page.evaluate("async () => { const speech = await file('/speech.wav'); await call.replaceAudio(speech); speech.source.start(); }")
        await ari.event("RecordingFinished", 20)
        recorded, recorded_rate = wav(os.path.join(FOLDER, f"data/recordings/loss-{percent}.wav"))
        for name, samples, own_rate in (("the browser", heard, RATE), ("the server", recorded, recorded_rate)):
            measure, seconds = intelligibility(said, rate, samples, own_rate)
            print(f"{percent} % lost: {name} hears {seconds:.1f} s with STOI {measure:.3f}", flush=True)
            check(measure >= least and seconds > 9, name, "does not understand:", measure, seconds)
        lost = sum(detour.lost for detour in network.detours.values())
        passed = sum(detour.passed for detour in network.detours.values())
        check(abs(lost / (lost + passed) - percent / 100) < 0.03, "the network lost another share:", lost, passed)
        check((await page.state())[0] == "active", await page.state())
        await page.hang_up()


async def moved(open_page):
    """The way between browser and server is cut: ICE finds another one, and the call goes on."""
    page = await open_page()
    network = Network()
    await page.page.expose_function("detourPort", network.port)
    await page.page.evaluate("() => detour(detourPort)")
    await page.register(SERVER, "6001", SECRET)
    await page.call("1002", 440)
    await asyncio.sleep(1)
    check_tone(report(await page.heard(2)), 440)
    network.cut()
    await asyncio.sleep(1)
    check(report(await page.heard(1))["level"] < -40, "the way was not cut")
    for _ in range(25):
        if report(await page.heard(1))["level"] > SAID_DB - 3:
            break
    await asyncio.sleep(1)
    check_tone(report(await page.heard(3)), 440)
    check(len(network.detours) == 1, "no new way was asked for")
    await page.hang_up()


class Outside(asyncio.DatagramProtocol):
    """A STUN server to which everything seems to come from one address, as through a translator of addresses."""
    ADDRESS = ("198.51.100.7", 40_404)

    def connection_made(self, transport):
        self.transport, self.asked = transport, 0

    def datagram_received(self, data, address):
        request = stun.parse_message(data)
        self.asked += 1
        # The first one is lost.
        if self.asked > 1:
            answer = stun.Message(request.message_method, stun.Class.RESPONSE, request.transaction_id)
            answer.attributes["XOR-MAPPED-ADDRESS"] = self.ADDRESS
            self.transport.sendto(bytes(answer), address)


async def reflexive(open_page):
    """The address that a STUN server tells is in the server's answer and in its offer; calls go by the nearer one."""
    loop = asyncio.get_running_loop()
    _, outside = await loop.create_datagram_endpoint(Outside, local_addr=("127.0.0.1", int(sys.argv[5])))
    page = await registered(open_page)
    wanted = f" {outside.ADDRESS[0]} {outside.ADDRESS[1]} typ srflx raddr 127.0.0.1 rport "
    told = "() => call.peer.remoteDescription.sdp"
    await page.call("1002", 440)
    answer = await page.page.evaluate(told)
    check(wanted in answer, answer)
    check_tone(report(await page.heard(2)), 440)
    await page.hang_up()
    async with aiohttp.ClientSession(headers={"Authorization": LOGIN}) as session:
        ari = ARI(session, None)
        await ari.ask("POST", "/channels", endpoint="PJSIP/6001", extension="1002", context="internal")
        await page.answer(440)
    check(wanted in await page.page.evaluate(told), "the offer does not tell it")
    check_tone(report(await page.heard(2)), 440)
    await page.hang_up()
    check(outside.asked == 3, "the server asked", outside.asked, "times")


async def relay(open_page):
    """All audio goes through a TURN server, of which the browser learns when it registers."""
    page = await open_page()
    await page.page.evaluate("""() => {
        const Peer = RTCPeerConnection;
        window.RTCPeerConnection = class extends Peer { constructor(options) { super({ ...options, iceTransportPolicy: "relay" }); } };
    }""")
    await page.register(SERVER, "6001", SECRET)
    await page.call("1002", 440)
    await asyncio.sleep(1)
    check_tone(report(await page.heard(4)), 440)
    kinds = await page.page.evaluate("""async () => {
        const stats = await call.peer.getStats();
        const pairs = [...stats.values()].filter((entry) => entry.type === "candidate-pair" && entry.nominated);
        return pairs.map((pair) => stats.get(pair.localCandidateId).candidateType);
    }""")
    check(kinds == ["relay"], kinds)
    await page.hang_up()


async def left(open_page):
    """A page that is left, or that closes its audio without a word, ends its call at once."""
    async with aiohttp.ClientSession(headers={"Authorization": LOGIN}) as session:
        ari = ARI(session, None)
        for end in (lambda page: page.evaluate("() => call.peer.close()"), lambda page: page.goto("about:blank")):
            page = await registered(open_page)
            await page.call("1002", 440)
            await page.heard(1)
            check(len(await ari.ask("GET", "/channels")) == 1, "there is no call")
            await end(page.page)
            for _ in range(30):
                if not await ari.ask("GET", "/channels"):
                    break
                await asyncio.sleep(0.1)
            check(not await ari.ask("GET", "/channels"), "the call goes on without the page")


SCENARIOS = {
    "echo": echo, "echo_g711": echo_g711, "phone": phone, "called": called, "bridge": bridge, "hello_world": hello_world, "moved": moved,
    "reflexive": reflexive, "relay": relay, "left": left,
    "loss_5": lambda open_page: loss(open_page, 5, 0.8), "loss_10": lambda open_page: loss(open_page, 10, 0.78),
    "loss_20": lambda open_page: loss(open_page, 20, 0.65),
}


async def main():
    async with browser(CHROMIUM) as open_page:
        await SCENARIOS[SCENARIO](open_page)
    print("done", flush=True)


asyncio.run(main())
