"""A WebRTC phone on aiortc: calls a number or waits for a call, says a tone, and prints what it heard as a line of JSON.

    webrtc_phone.py URL USER SECRET call NUMBER [--tone HZ] [--seconds S]
    webrtc_phone.py URL USER SECRET answer [--tone HZ] [--seconds S]
"""
import argparse, asyncio, fractions, json, os, sys, time

import aioice.ice
import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from av import AudioFrame

sys.path.insert(0, os.path.dirname(__file__))
import tone
from sip_over_websocket import Call, Phone

# The loopback address is all that a test needs; by itself it would be left out.
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]
RATE = 48000


class Tone(MediaStreamTrack):
    """Says a tone of -12 dB."""

    kind = "audio"

    def __init__(self, hz):
        super().__init__()
        self.hz, self.at, self.begun = hz, 0, None

    async def recv(self):
        self.begun = self.begun or time.time()
        await asyncio.sleep(max(0, self.begun + self.at / RATE - time.time()))
        index = np.arange(self.at, self.at + RATE // 50)
        samples = (8231 * np.sin(2 * np.pi * self.hz * index / RATE)).astype(np.int16)
        # Both channels: made of one, each would be 3 dB lower.
        frame = AudioFrame.from_ndarray(np.repeat(samples, 2).reshape(1, -1), format="s16", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self.at, fractions.Fraction(1, RATE)
        self.at += RATE // 50
        return frame


class Ear:
    """Keeps what a track says, as one channel."""

    def __init__(self):
        self.samples, self.rate = [], RATE

    async def listen(self, track):
        while True:
            try:
                frame = await track.recv()
            except Exception:
                return
            data = frame.to_ndarray()
            self.rate = frame.sample_rate
            channels = len(frame.layout.channels)
            self.samples.append(data.reshape(-1, channels)[:, 0] if data.shape[0] == 1 else data[0])

    def report(self):
        samples = np.concatenate(self.samples) if self.samples else np.zeros(0, np.int16)
        # The beginning is the network's and the codec's.
        steady = samples[len(samples) // 3 :]
        return {
            "seconds": round(len(samples) / self.rate, 2), "frequency": round(tone.frequency(steady, self.rate), 1),
            "level": round(tone.level_db(steady), 1), "gap": tone.longest_gap_ms(samples, self.rate) if len(samples) else None,
        }


async def main():
    parser = argparse.ArgumentParser()
    for name in ("url", "user", "secret", "act"):
        parser.add_argument(name)
    parser.add_argument("number", nargs="?")
    parser.add_argument("--tone", type=float, default=440)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--log", action="store_true")
    options = parser.parse_args()
    phone = Phone(options.url, options.user, options.secret)
    await phone.open()
    assert (await phone.register()).status == 200
    print("registered", flush=True)
    ear, peer = Ear(), RTCPeerConnection(RTCConfiguration(iceServers=[]))
    peer.on("track", lambda track: asyncio.ensure_future(ear.listen(track)))
    call = Call(phone)
    if options.act == "call":
        peer.addTrack(Tone(options.tone))
        await peer.setLocalDescription(await peer.createOffer())
        response = await call.invite(options.number, peer.localDescription.sdp)
        assert response.status == 200, response.start
        await peer.setRemoteDescription(RTCSessionDescription(response.body, "answer"))
    else:
        while True:
            request = await asyncio.wait_for(phone.requests.get(), 60)
            if request.method == "INVITE":
                break
            await phone.respond(request, 200, "OK", tag=call.tag)
        await phone.respond(request, 180, "Ringing", tag=call.tag)
        await peer.setRemoteDescription(RTCSessionDescription(request.body, "offer"))
        peer.addTrack(Tone(options.tone))
        await peer.setLocalDescription(await peer.createAnswer())
        await call.accept(request, peer.localDescription.sdp)
    print("connected", flush=True)
    await asyncio.sleep(options.seconds)
    report = ear.report()
    report["dtls"] = peer.getTransceivers()[0].sender.transport.state
    report["iceRole"] = peer.getTransceivers()[0].sender.transport.transport.role
    report["dtlsRole"] = peer.getTransceivers()[0].sender.transport._role
    print(json.dumps(report), flush=True)
    if options.log:
        for direction, text in phone.log:
            print(direction, text, file=sys.stderr)
    await call.bye()
    await peer.close()
    await phone.close()


asyncio.run(main())
