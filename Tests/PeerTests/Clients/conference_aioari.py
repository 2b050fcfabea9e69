"""A conference with aioari: conference_aioari.py BASE-URL USER PASSWORD"""
import asyncio
import sys

import aioari

SECONDS = 60


async def main(url, user, password):
    ari = await aioari.connect(url, user, password)
    done = asyncio.get_running_loop().create_future()
    bridge = await ari.bridges.create(type="mixing", name="conference")
    callers = []
    ended = []

    def fail(error):
        if not done.done():
            done.set_exception(error)

    async def started(channels, event):
        channel = channels["channel"]
        callers.append(channel)
        await channel.answer()
        await bridge.addChannel(channel=channel.id)
        if len(callers) == 2:
            await bridge.record(name="conference", format="wav")

    async def recording(event):
        playback = await bridge.play(media="sound:hello-world")

        async def finished(playback, event):
            await ari.recordings.stop(recordingName="conference")

        playback.on_event("PlaybackFinished", finished)

    async def recorded(event):
        stored = await ari.recordings.getStored(recordingName="conference")
        print("RecordingFinished", stored.json["format"], flush=True)
        for caller in callers:
            await caller.hangup()

    async def left(channel, event):
        ended.append(channel.id)
        if len(ended) == 2:
            await bridge.destroy()
            print("StasisEnd", flush=True)
            if not done.done():
                done.set_result(None)

    ari.exception_handler = fail
    ari.on_channel_event("StasisStart", started)
    ari.on_channel_event("StasisEnd", left)
    ari.on_event("RecordingStarted", recording)
    ari.on_event("RecordingFinished", recorded)
    run = asyncio.create_task(ari.run(apps="conference"))
    run.add_done_callback(lambda task: task.cancelled() or not task.exception() or fail(task.exception()))
    print("connected", flush=True)
    try:
        await asyncio.wait_for(done, SECONDS)
    finally:
        await ari.close()
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)


asyncio.run(main(*sys.argv[1:]))
