// MD5 (RFC 1321), which digest authentication still needs and browsers don't offer.

const shifts = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
const sines = Array.from({ length: 64 }, (_, index) => Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32) >>> 0);

/** Gives the hash of a text's UTF-8 bytes in small hexadecimal digits. */
export function md5(text) {
  const bytes = new TextEncoder().encode(text);
  const blocks = (bytes.length + 8 >> 6) + 1;
  const view = new DataView(new ArrayBuffer(blocks * 64));
  bytes.forEach((byte, index) => view.setUint8(index, byte));
  view.setUint8(bytes.length, 0x80);
  view.setUint32(blocks * 64 - 8, bytes.length * 8, true);
  view.setUint32(blocks * 64 - 4, Math.floor(bytes.length / 2 ** 29), true);
  let state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let block = 0; block < blocks; block++) state = round(state, view, block * 64);
  const digest = new DataView(new ArrayBuffer(16));
  state.forEach((word, index) => digest.setUint32(index * 4, word, true));
  return Array.from(new Uint8Array(digest.buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function round(state, view, start) {
  let [a, b, c, d] = state;
  for (let step = 0; step < 64; step++) {
    const phase = step >> 4;
    const mixed = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][phase];
    const word = [step, 5 * step + 1, 3 * step + 5, 7 * step][phase] % 16;
    const sum = (a + mixed + sines[step] + view.getUint32(start + word * 4, true)) >>> 0;
    const shift = shifts[phase][step % 4];
    [a, d, c, b] = [d, c, b, (b + (sum << shift | sum >>> 32 - shift)) >>> 0];
  }
  return [a, b, c, d].map((word, index) => (word + state[index]) >>> 0);
}
