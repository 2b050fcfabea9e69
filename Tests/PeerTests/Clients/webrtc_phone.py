"""A WebRTC phone on aiortc: calls a number or waits for a call, says a tone, and prints what it heard as a line of JSON.

    webrtc_phone.py URL USER SECRET call NUMBER [--tone HZ] [--seconds S]
    webrtc_phone.py URL USER SECRET answer [--tone HZ] [--seconds S]
"""
import argparse, asyncio, json, os, sys

import aioice.ice
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

sys.path.insert(0, os.path.dirname(__file__))
from sip_over_websocket import Call, Phone
from webrtc_parts import Ear, Tone

# The loopback address is all that a test needs; by itself it would be left out.
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]


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
