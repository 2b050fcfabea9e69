"""A conference with asyncari: conference_asyncari.py BASE-URL USER PASSWORD"""
import sys

import anyio
import asyncari

SECONDS = 60


async def main(url, user, password):
    with anyio.fail_after(SECONDS):
        async with asyncari.connect(url, "conference", user, password) as ari:
            async with ari.on_channel_event("StasisStart") as starts, ari.on_playback_event("PlaybackFinished") as finishes, \
                    ari.on_event("RecordingStarted") as begun, ari.on_event("RecordingFinished") as recorded, \
                    ari.on_channel_event("StasisEnd") as ends:
                print("connected", flush=True)
                bridge = await ari.bridges.create(type="mixing", name="conference")
                callers = []
                while len(callers) < 2:
                    channels, _ = await anext(starts)
                    callers.append(channels["channel"])
                    await callers[-1].answer()
                    await bridge.addChannel(channel=callers[-1].id)
                await bridge.record(name="conference", format="wav")
                await anext(begun)
                playback = await bridge.play(media="sound:hello-world")
                finished, _ = await anext(finishes)
                assert finished.id == playback.id, (finished, playback)
                await ari.recordings.stop(recordingName="conference")
                await anext(recorded)
                stored = await ari.recordings.getStored(recordingName="conference")
                print("RecordingFinished", stored.json["format"], flush=True)
                for caller in callers:
                    await caller.hangup()
                    await anext(ends)
                await bridge.destroy()
                print("StasisEnd", flush=True)


anyio.run(main, *sys.argv[1:])
