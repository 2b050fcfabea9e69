// What the server said: who registered and logged in, which settings came into force, what went wrong.
import { h, head, table, tag, time, notice } from "./ui.js";
import { get } from "./api.js";

const kinds = { info: "", notice: "accent", warning: "warn", error: "bad" };
const page = 100;
const pollMs = 3000;

export async function log() {
  const wanted = { text: "", level: "info" };
  const text = h("input", { type: "search", placeholder: "Phone, address, application …", "aria-label": "Search the log", oninput: () => { wanted.text = text.value; later(250); } });
  const level = h("select", { "aria-label": "Level", onchange: () => { wanted.level = level.value; load(); } },
    h("option", { value: "info" }, "Everything"), h("option", { value: "notice" }, "Notices and worse"), h("option", { value: "warning" }, "Warnings and errors"), h("option", { value: "error" }, "Errors"));
  const list = h("section", { class: "card table" });
  const more = h("button", { type: "button", class: "hidden", onclick: () => load(true) }, "Show more");
  let lines = [], timer, turn = 0;

  const later = (ms) => {
    clearTimeout(timer);
    timer = setTimeout(load, ms);
  };
  async function load(further = false) {
    clearTimeout(timer);
    const query = new URLSearchParams({ ...wanted, limit: page });
    if (further === true) query.set("before", lines.at(-1).row);
    const own = ++turn;
    try {
      const found = await get(`/log?${query}`);
      if (own !== turn) return;
      const isSame = further !== true && found[0]?.row === lines[0]?.row && found.length === lines.length;
      lines = further === true ? [...lines, ...found] : found;
      more.classList.toggle("hidden", found.length < page);
      if (!isSame || !lines.length) draw();
      // Who reads further back is left alone.
      if (lines.length <= page) later(pollMs);
    } catch (error) { if (own === turn) notice(error.message, true); }
  }
  const draw = () => list.replaceChildren(lines.length
    ? table([{ title: "Time" }, { title: "Level" }, { title: "What" }], lines.map(row))
    : h("p", { class: "empty" }, wanted.text || wanted.level !== "info" ? "No line fits." : "Nothing was said yet."));
  await load();
  return { content: [head("Log"), h("div", { class: "row filters" }, text, level), list, more], leave: () => { turn++; clearTimeout(timer); } };
}

const row = (line) => h("tr", {},
  h("td", {}, time(line.atMs)), h("td", {}, tag(line.level, kinds[line.level])),
  h("td", {}, line.message, line.details ? h("div", { class: "soft small mono" }, line.details) : null));
