// What a page of the tests says and hears: tones and pulses made by WebAudio, and every sample that comes.
import { Call } from "/phone/call.js";
import { Phone } from "/phone/phone.js";

const rate = 48000;
const context = new AudioContext({ sampleRate: rate });
const worklet = URL.createObjectURL(new Blob([`
  registerProcessor("tap", class extends AudioWorkletProcessor {
    process([input]) {
      if (input[0]) this.port.postMessage({ at: currentFrame, samples: input[0].slice() });
      return true;
    }
  });`], { type: "text/javascript" }));
const ready = context.audioWorklet.addModule(worklet);

/** A microphone that says a tone. */
export function tone(hz, level = 0.25) {
  const source = new OscillatorNode(context, { frequency: hz });
  const gain = new GainNode(context, { gain: level });
  const end = context.createMediaStreamDestination();
  source.connect(gain).connect(end);
  source.start();
  return Object.assign(end.stream, { gain, source });
}

/** Keeps all samples of a stream, with the number of the frame that each block begins at. */
export async function listen(stream) {
  await ready;
  await context.resume();
  // Without an element that plays it, the browser gives the samples of a far stream to nobody.
  const element = new Audio();
  element.srcObject = stream;
  element.muted = true;
  await element.play().catch(() => {});
  const tap = new AudioWorkletNode(context, "tap", { numberOfOutputs: 0 });
  context.createMediaStreamSource(stream).connect(tap);
  const heard = { blocks: [], begin: null };
  tap.port.onmessage = ({ data }) => {
    heard.begin ??= data.at;
    heard.blocks.push(data.samples);
  };
  return heard;
}

/** Gives what was heard as base64 of 16-bit samples. */
export function samples(heard) {
  const all = new Int16Array(heard.blocks.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of heard.blocks) for (const sample of block) all[at++] = Math.max(-32768, Math.min(32767, Math.round(sample * 32768)));
  const bytes = new Uint8Array(all.buffer);
  let text = "";
  for (let start = 0; start < bytes.length; start += 32768) text += String.fromCharCode(...bytes.subarray(start, start + 32768));
  return btoa(text);
}

/** Says pulses and hears them come back: the milliseconds of each way there and back. */
export async function delays(microphone, heard, count = 5) {
  const result = [];
  for (let number = 0; number < count; number++) {
    microphone.gain.gain.value = 0;
    await new Promise((resolve) => setTimeout(resolve, 600));
    const from = heard.blocks.length;
    const start = context.currentTime;
    microphone.gain.gain.value = 0.5;
    await new Promise((resolve) => setTimeout(resolve, 500));
    const first = heard.begin + from * 128;
    const loud = heard.blocks.slice(from).findIndex((block) => block.some((sample) => Math.abs(sample) > 0.05));
    if (loud >= 0) result.push(((first + loud * 128) / rate - start) * 1000);
  }
  return result;
}

export const wait = (target, name, isSo, ms = 15000) => new Promise((resolve, reject) => {
  if (isSo()) return resolve();
  const timer = setTimeout(() => reject(new Error(`not in time: ${name}, the state is ${target.state} (${target.problem ?? target.reason})`)), ms);
  target.addEventListener(name, () => {
    if (!isSo()) return;
    clearTimeout(timer);
    resolve();
  });
});

export async function register(options) {
  const phone = new Phone(options);
  phone.start();
  await wait(phone, "state", () => phone.state === "registered" || phone.state === "refused");
  if (phone.state !== "registered") throw new Error(phone.problem);
  return phone;
}
Object.assign(window, { context, tone, listen, samples, delays, wait, register, Phone });
document.title = "ready";

/** Leads all audio through other ports, which `port` gives for those of the server: nobody learns of the direct way. */
window.detour = (port) => {
  const { describe } = Call.prototype;
  Call.prototype.describe = async function (...given) {
    return (await describe.apply(this, given)).replace(/^a=candidate:.*\r\n/gm, "");
  };
  const set = RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = async function ({ type, sdp }) {
    const own = /^a=candidate:\S+ 1 udp \d+ 127\.0\.0\.1 (\d+) typ host/m.exec(sdp);
    const replaced = own[0].replace(` ${own[1]} `, ` ${await port(Number(own[1]))} `);
    return set.call(this, { type, sdp: sdp.replace(/^a=candidate:.*\r\n/gm, "").replace("a=end-of-candidates", `${replaced}\r\na=end-of-candidates`) });
  };
};

/** A microphone that says a file. */
window.file = async (url) => {
  const buffer = await context.decodeAudioData(await (await fetch(url)).arrayBuffer());
  const source = new AudioBufferSourceNode(context, { buffer });
  const end = context.createMediaStreamDestination();
  source.connect(end);
  return Object.assign(end.stream, { source });
};
