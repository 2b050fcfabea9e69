// Listening: one player for a page, with the waveform of a recording where there is one.
import { h, notice } from "./ui.js";

export const length = (ms) => `${Math.floor(ms / 60000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;

export function player() {
  const audio = h("audio", { controls: true, preload: "auto" });
  const title = h("strong", {});
  const picture = h("canvas", { class: "waveform hidden", width: 1200, height: 120, role: "img", "aria-label": "Waveform; click to jump" });
  const element = h("section", { class: "card hidden", "aria-label": "Player" }, title, picture, audio);
  let peaks = [], durationMs = 0, colors = null;

  audio.addEventListener("error", () => { if (audio.getAttribute("src")) notice("This can't be played.", true); });
  audio.addEventListener("timeupdate", () => draw());
  picture.addEventListener("click", (event) => {
    const part = event.offsetX / picture.clientWidth;
    audio.currentTime = part * (Number.isFinite(audio.duration) ? audio.duration : durationMs / 1000);
  });
  function draw() {
    if (!peaks.length) return;
    colors ??= getComputedStyle(document.documentElement);
    const pen = picture.getContext("2d"), { width, height } = picture;
    const heard = audio.currentTime * 1000 / Math.max(durationMs, 1);
    pen.clearRect(0, 0, width, height);
    peaks.forEach((peak, index) => {
      const tall = Math.max(2, peak / 100 * height);
      pen.fillStyle = colors.getPropertyValue(index / peaks.length < heard ? "--accent" : "--soft");
      pen.fillRect(index * width / peaks.length, (height - tall) / 2, Math.max(1, width / peaks.length - 1), tall);
    });
  }
  return {
    element,
    play(address, name, waveform) {
      title.textContent = name;
      element.classList.remove("hidden");
      picture.classList.add("hidden");
      [peaks, durationMs] = [[], 0];
      audio.src = address;
      audio.play().catch(() => {});
      waveform?.then((found) => {
        if (audio.getAttribute("src") !== address) return;
        ({ peaks, durationMs } = found);
        picture.classList.toggle("hidden", !peaks.length);
        draw();
      }).catch((error) => notice(error.message, true));
    },
    stop() {
      audio.pause();
      audio.removeAttribute("src");
    },
  };
}
