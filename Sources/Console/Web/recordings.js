// Recordings that have ended.
import { h, head, table, twice, notice, time } from "./ui.js";
import { get, remove } from "./api.js";
import { player, length } from "./player.js";

let searched = "";

export async function recordings() {
  const list = h("section", { class: "card table" });
  const listening = player();
  let timer, turn = 0;
  const search = h("input", { type: "search", placeholder: "Search", "aria-label": "Search recordings", value: searched, oninput: () => {
    searched = search.value.trim();
    clearTimeout(timer);
    timer = setTimeout(load, 250);
  } });
  async function load() {
    const asked = ++turn;
    const found = await get(`/recordings?text=${encodeURIComponent(searched)}`);
    if (asked !== turn) return;
    list.replaceChildren(found.length
      ? table([{ title: "Name" }, { title: "Made" }, { title: "Length", wide: true }, { title: "Kind", wide: true }, {}], found.map(line))
      : h("p", { class: "empty" }, searched ? "No recording fits." : "No recordings yet. Programs make them with the operation record, dialplan with MixMonitor()."));
  }
  const line = (one) => {
    const path = `/recordings/${encodeURIComponent(one.name)}`;
    return h("tr", {}, h("td", {}, h("strong", {}, one.name)), h("td", {}, time(one.modifiedMs)), h("td", { class: "wide" }, length(one.durationMs)),
      h("td", { class: "wide" }, `${one.format}, ${size(one.bytes)}`),
      h("td", { class: "acts" },
        h("button", { type: "button", "aria-label": `Listen to ${one.name}`, onclick: () => listening.play(`/api/v1${path}/audio`, one.name, get(`${path}/waveform`)) }, "Listen"), " ",
        h("a", { class: "button", href: `/api/v1${path}/file`, download: "", "aria-label": `Download ${one.name}` }, "Download"), " ",
        twice("Delete", async () => {
          await remove(path);
          notice(`Recording ${one.name} deleted.`);
          load();
        }, { "aria-label": `Delete ${one.name}` })));
  };
  await load();
  return {
    content: [head("Recordings", search), listening.element, list],
    leave: () => {
      clearTimeout(timer);
      listening.stop();
    },
  };
}

const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
