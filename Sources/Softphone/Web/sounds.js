// Tones of a telephone, made by WebAudio: ringing, ringback, busy, keys.

const keys = { 1: [697, 1209], 2: [697, 1336], 3: [697, 1477], 4: [770, 1209], 5: [770, 1336], 6: [770, 1477], 7: [852, 1209], 8: [852, 1336], 9: [852, 1477], "*": [941, 1209], 0: [941, 1336], "#": [941, 1477] };
/** Frequencies in Hz, milliseconds on and off. */
const cadences = { ring: { tones: [660, 880], on: 900, off: 2_100, level: 0.12 }, ringback: { tones: [425], on: 1_000, off: 4_000, level: 0.05 }, busy: { tones: [425], on: 480, off: 480, level: 0.05, times: 4 } };

/** Plays one tone at a time. */
export class Tones {
  /** Plays `ring`, `ringback` or `busy` until something else; nothing for null. */
  play(name) {
    if (name === this.name) return;
    this.name = name;
    clearTimeout(this.timer);
    this.stop?.();
    if (name) this.repeat(cadences[name], cadences[name].times ?? Infinity);
  }

  repeat(cadence, times) {
    if (!times) return this.play(null);
    this.sound(cadence.tones, cadence.on, cadence.level);
    this.timer = setTimeout(() => this.repeat(cadence, times - 1), cadence.on + cadence.off);
  }

  key(digit) { if (keys[digit]) this.sound(keys[digit], 120, 0.05); }

  sound(tones, ms, level) {
    try {
      this.context ??= new AudioContext();
    } catch {
      return;
    }
    this.context.resume().catch(() => {});
    const gain = new GainNode(this.context, { gain: level });
    gain.connect(this.context.destination);
    const sources = tones.map((frequency) => new OscillatorNode(this.context, { frequency }));
    for (const source of sources) {
      source.connect(gain);
      source.start();
      source.stop(this.context.currentTime + ms / 1000);
    }
    this.stop = () => gain.disconnect();
  }

  /** Plays through another device, where the browser can. */
  async useDevice(id) {
    try {
      this.context ??= new AudioContext();
      await this.context.setSinkId?.(id);
    } catch {
      // The usual device then.
    }
  }
}
