"""Hello World with aioari: hello_aioari.py BASE-URL USER PASSWORD"""
import asyncio
import sys

import aioari

SECONDS = 30


async def main(url, user, password):
    ari = await aioari.connect(url, user, password)
    done = asyncio.get_running_loop().create_future()

    def fail(error):
        if not done.done():
            done.set_exception(error)

    async def started(channels, event):
        channel = channels["channel"]
        print("StasisStart", channel.id, flush=True)
        await channel.answer()
        playback = await channel.play(media="sound:hello-world")

        async def finished(playback, event):
            print("PlaybackFinished", playback.id, flush=True)
            await channel.hangup()

        playback.on_event("PlaybackFinished", finished)

    def ended(channel, event):
        print("StasisEnd", channel.id, flush=True)
        if not done.done():
            done.set_result(None)

    ari.exception_handler = fail
    ari.on_channel_event("StasisStart", started)
    ari.on_channel_event("StasisEnd", ended)
    run = asyncio.create_task(ari.run(apps="hello-world"))
    run.add_done_callback(lambda task: task.cancelled() or not task.exception() or fail(task.exception()))
    print("connected", flush=True)
    try:
        await asyncio.wait_for(done, SECONDS)
    finally:
        await ari.close()
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)


asyncio.run(main(*sys.argv[1:]))
