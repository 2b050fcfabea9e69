"""Measures of audio that tests hear: how loud, which tone, where it was interrupted."""
import numpy as np


def level_db(samples):
    """Level of 16-bit samples, 0 dB for a sine of full scale."""
    power = np.mean(np.square(samples.astype(np.float64) / 32768)) if len(samples) else 0
    return 10 * np.log10(max(power * 2, 1e-10))


def frequency(samples, rate):
    """The strongest frequency in Hz."""
    if len(samples) < rate // 10:
        return 0.0
    window = samples.astype(np.float64) * np.hanning(len(samples))
    spectrum = np.abs(np.fft.rfft(window))
    spectrum[:3] = 0
    return float(np.argmax(spectrum) * rate / len(samples))


def tone_share(samples, rate, wanted, width=30):
    """Which part of the power lies around a frequency, 0...1."""
    window = samples.astype(np.float64) * np.hanning(len(samples))
    power = np.square(np.abs(np.fft.rfft(window)))
    frequencies = np.fft.rfftfreq(len(samples), 1 / rate)
    return float(power[np.abs(frequencies - wanted) <= width].sum() / max(power.sum(), 1e-9))


def longest_gap_ms(samples, rate, silence_db=-50, step_ms=5):
    """The longest time without sound between the first and the last sound."""
    step = rate * step_ms // 1000
    loud = [level_db(samples[i : i + step]) > silence_db for i in range(0, len(samples) - step, step)]
    if not any(loud):
        return float("inf")
    first, last = loud.index(True), len(loud) - 1 - loud[::-1].index(True)
    longest = run = 0
    for is_loud in loud[first:last]:
        run = 0 if is_loud else run + 1
        longest = max(longest, run)
    return longest * step_ms
