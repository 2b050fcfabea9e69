"""Hello World with asyncari: hello_asyncari.py BASE-URL USER PASSWORD"""
import sys

import anyio
import asyncari

SECONDS = 30


async def main(url, user, password):
    with anyio.fail_after(SECONDS):
        async with asyncari.connect(url, "hello-world", user, password) as ari:
            async with ari.on_channel_event("StasisStart") as starts, ari.on_playback_event("PlaybackFinished") as finishes, \
                    ari.on_channel_event("StasisEnd") as ends:
                print("connected", flush=True)
                channels, _ = await anext(starts)
                channel = channels["channel"]
                print("StasisStart", channel.id, flush=True)
                await channel.answer()
                playback = await channel.play(media="sound:hello-world")
                finished, _ = await anext(finishes)
                assert finished.id == playback.id, (finished, playback)
                print("PlaybackFinished", playback.id, flush=True)
                await channel.hangup()
                ended, _ = await anext(ends)
                assert ended.id == channel.id, (ended, channel)
                print("StasisEnd", ended.id, flush=True)


anyio.run(main, *sys.argv[1:])
