"""What a WebRTC phone of the tests says and hears, on aiortc."""
import asyncio, fractions, os, sys, time

import numpy as np
from aiortc import MediaStreamTrack
from av import AudioFrame

sys.path.insert(0, os.path.dirname(__file__))
import tone

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
