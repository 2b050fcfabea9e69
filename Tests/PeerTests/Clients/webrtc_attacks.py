"""What strangers and liars try at a WebRTC call: webrtc_attacks.py URL USER SECRET SERVER-PID

Each attack runs while a call to the echo is under way; the echo must be heard through all of them.
"""
import asyncio, hashlib, hmac, os, random, re, socket, struct, sys, zlib

import aioice.ice
import numpy as np
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

sys.path.insert(0, os.path.dirname(__file__))
import tone
from sip_over_websocket import Call, Phone

aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]
URL, USER, SECRET, PID = sys.argv[1:5]
from webrtc_parts import Ear, Tone


def memory_kib():
    with open(f"/proc/{PID}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))


class EchoCall:
    """A call to the echo whose packets an attacker may see."""

    def __init__(self):
        self.ear = Ear()
        self.peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.peer.on("track", lambda track: asyncio.ensure_future(self.ear.listen(track)))

    async def start(self, change=lambda sdp: sdp):
        self.phone = Phone(URL, USER, SECRET)
        await self.phone.open()
        assert (await self.phone.register()).status == 200
        self.peer.addTrack(Tone(440))
        await self.peer.setLocalDescription(await self.peer.createOffer())
        self.call = Call(self.phone)
        response = await self.call.invite("1002", change(self.peer.localDescription.sdp))
        assert response.status == 200, response.start
        self.answer = response.body
        await self.peer.setRemoteDescription(RTCSessionDescription(response.body, "answer"))
        self.port = int(re.search(r"m=audio (\d+)", self.answer).group(1))
        self.user = re.search(r"a=ice-ufrag:(\S+)", self.answer).group(1)

    @property
    def ice(self):
        return self.peer.getTransceivers()[0].sender.transport.transport

    def tap(self, see):
        """Lets `see` have every datagram that goes to the server."""
        self.send = send = self.ice._send
        async def seen(data):
            await send(data)
            see(data)
        self.ice._send = seen

    def untap(self):
        self.ice._send = self.send

    async def check(self, what, seconds=2.0):
        """The echo is heard, now."""
        self.ear.samples.clear()
        await asyncio.sleep(seconds)
        samples = np.concatenate(self.ear.samples) if self.ear.samples else np.zeros(0, np.int16)
        heard = (len(samples) / self.ear.rate, tone.frequency(samples, self.ear.rate), tone.level_db(samples), tone.longest_gap_ms(samples, self.ear.rate))
        print(f"{what}: {heard}", flush=True)
        assert heard[0] > seconds * 0.9 and abs(heard[1] - 440) < 5 and heard[2] > -15 and heard[3] <= 60, (what, heard)

    async def end(self):
        await self.call.bye()
        await self.close()

    async def close(self):
        await self.peer.close()
        await self.phone.close()


def binding_request(username, password=b"wrong"):
    """A check with a wrong proof."""
    padded = username + b"\0" * (-len(username) % 4)
    attributes = struct.pack(">HH", 6, len(username)) + padded + struct.pack(">HHI", 0x24, 4, 1) + struct.pack(">HHQ", 0x802A, 8, 1)
    head = struct.pack(">HHI", 1, len(attributes) + 24, 0x2112A442) + os.urandom(12)
    proof = hmac.new(password, head + attributes, hashlib.sha1).digest()
    message = head[:2] + struct.pack(">H", len(attributes) + 32) + head[4:] + attributes + struct.pack(">HH", 8, 20) + proof
    return message + struct.pack(">HHI", 0x8028, 4, zlib.crc32(message) ^ 0x5354554E)


def client_hello():
    body = b"\xfe\xfd" + os.urandom(32) + b"\0\0\0\x02\xc0\x2b\x01\0\0\0"
    handshake = b"\x01" + len(body).to_bytes(3, "big") + b"\0\0\0\0\0" + len(body).to_bytes(3, "big")
    return b"\x16\xfe\xfd" + b"\0\0" + b"\0" * 6 + (len(handshake) + len(body)).to_bytes(2, "big") + handshake + body


async def flood(port, make, count):
    """Sends datagrams of many makings, from several strangers."""
    strangers = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(8)]
    for number in range(count):
        strangers[number % 8].sendto(make(), ("127.0.0.1", port))
        if number % 100 == 99:
            await asyncio.sleep(0.001)
    for stranger in strangers:
        stranger.close()


async def strangers(call):
    user = call.user.encode()
    before = memory_kib()
    floods = {
        "checks for nobody": lambda: binding_request(b"nobody:me"),
        "checks for the call with a wrong proof": lambda: binding_request(user + b":" + b"x" * 200),
        "DTLS of strangers": client_hello,
        "RTP without protection": lambda: b"\x80\x6f" + os.urandom(170),
        "RTCP without protection": lambda: b"\x80\xc9\x00\x07" + os.urandom(28),
        "noise": lambda: os.urandom(random.randint(0, 1400)),
        "half a check": lambda: binding_request(user + b":x")[: random.randint(1, 100)],
    }
    for what, make in floods.items():
        attack = asyncio.ensure_future(flood(call.port, make, 10_000))
        await call.check(what)
        await attack
    grown = memory_kib() - before
    print("memory grew by", grown, "KiB", flush=True)
    assert grown < 20_000, "memory is not bounded"


async def replays(call):
    """Every packet comes three times more: as it was, changed, and as it was from elsewhere; and all of the last second at once."""
    elsewhere = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    kept = []
    own = call.ice._connection
    def see(data):
        if not 128 <= data[0] <= 191:
            return
        kept.append(data)
        changed = bytearray(data)
        changed[random.randrange(12, len(changed))] ^= 1 << random.randrange(8)
        for packet in (data, bytes(changed)):
            asyncio.ensure_future(own.send(packet))
            elsewhere.sendto(packet, ("127.0.0.1", call.port))
    call.tap(see)
    await call.check("replayed and changed packets", 3)
    for _ in range(20):
        for packet in kept[-50:]:
            elsewhere.sendto(packet, ("127.0.0.1", call.port))
    await call.check("a second of packets again and again")
    call.untap()
    elsewhere.close()


async def mismatch(other):
    """A fingerprint that is another's: this call ends cleanly, the other goes on."""
    call = EchoCall()
    digest = "sha-256 " + ":".join(f"{random.randrange(256):02X}" for _ in range(32))
    await call.start(lambda sdp: re.sub(r"a=fingerprint:.*\r\n", "", sdp).replace("a=setup:", f"a=fingerprint:{digest}\r\na=setup:"))
    request = await asyncio.wait_for(call.phone.requests.get(), 15)
    assert request.method == "BYE", request.start
    await call.phone.respond(request, 200, "OK")
    print("wrong fingerprint:", request["reason"], flush=True)
    assert not call.ear.samples or tone.level_db(np.concatenate(call.ear.samples)) < -60, "something was heard"
    await call.close()
    await other.check("beside a call with a wrong fingerprint")


async def race(other):
    """Strangers say hello before the far end does, at a port that is just about to be used."""
    call = EchoCall()
    hellos = []
    async def begin():
        while True:
            for port in range(other.port + 2, other.port + 40, 2):
                hellos.append(asyncio.ensure_future(flood(port, client_hello, 4)))
            await asyncio.sleep(0.005)
    attack = asyncio.ensure_future(begin())
    await call.start()
    await asyncio.sleep(2)
    attack.cancel()
    await call.check("after a race of hellos")
    await call.end()


async def main():
    call = EchoCall()
    await call.start()
    await asyncio.sleep(1)
    await call.check("undisturbed")
    await strangers(call)
    await replays(call)
    await mismatch(call)
    await race(call)
    await call.check("at the end")
    await call.end()
    print("done", flush=True)


asyncio.run(main())
