// Calls that are over, and what happened in each.
import { h, head, table, tag, time, notice } from "./ui.js";
import { get } from "./api.js";

const results = { ANSWERED: ["answered", "good"], "NO ANSWER": ["not answered", "warn"], BUSY: ["busy", "warn"], CONGESTION: ["congestion", "bad"], FAILED: ["failed", "bad"] };
const page = 100;

/** What one searched for last, so that coming back from a call shows the same list. */
let remembered = { text: "", from: "", to: "", result: "" };

export async function callHistory(row) {
  if (row) return call(row);
  const input = (name, properties) => h("input", { ...properties, value: remembered[name], oninput: () => { remembered[name] = fields[name].value; later(); } });
  const fields = {
    text: input("text", { type: "search", placeholder: "Name, number, application …", "aria-label": "Search calls" }),
    from: input("from", { type: "date", "aria-label": "From" }),
    to: input("to", { type: "date", "aria-label": "To" }),
    result: h("select", { "aria-label": "Result", onchange: () => { remembered.result = fields.result.value; load(); } },
      h("option", { value: "" }, "All results"), Object.entries(results).map(([value, [label]]) => h("option", { value }, label))),
  };
  fields.result.value = remembered.result;
  const list = h("section", { class: "card table" });
  const more = h("button", { type: "button", class: "hidden", onclick: () => load(true) }, "Show more");
  const file = h("a", { class: "button", download: "calls.csv" }, "Export CSV");
  let calls = [], timer, turn = 0;

  const query = () => {
    const wanted = new URLSearchParams();
    if (remembered.text) wanted.set("text", remembered.text);
    if (remembered.from) wanted.set("from", new Date(`${remembered.from}T00:00`).getTime());
    if (remembered.to) wanted.set("to", new Date(`${remembered.to}T00:00`).getTime() + 86_400_000);
    if (remembered.result) wanted.set("result", remembered.result);
    return wanted;
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(load, 250);
  };
  async function load(further = false) {
    const wanted = query();
    file.href = `/api/v1/calls.csv?${wanted}`;
    wanted.set("limit", page);
    if (further === true) wanted.set("before", calls.at(-1).row);
    const own = ++turn;
    try {
      const found = await get(`/calls?${wanted}`);
      if (own !== turn) return;
      calls = further === true ? [...calls, ...found] : found;
      more.classList.toggle("hidden", found.length < page);
      draw();
    } catch (error) { notice(error.message, true); }
  }
  function draw() {
    const isFiltered = Object.values(remembered).some(Boolean);
    list.replaceChildren(calls.length
      ? table([{ title: "Began" }, { title: "From" }, { title: "To" }, { title: "Answered by", wide: true }, { title: "Talked", wide: true }, { title: "Result" }, {}], calls.map(line))
      : h("p", { class: "empty" }, isFiltered ? "No call fits." : "No calls yet. Each call is listed here once it is over."));
  }
  await load();
  return { content: [head("Call History", file), h("div", { class: "row filters" }, Object.values(fields)), list, more], leave: () => clearTimeout(timer) };
}

const line = (one) => h("tr", {},
  h("td", {}, time(one.startedMs)), h("td", {}, caller(one)), h("td", {}, one.dialled),
  h("td", { class: "wide" }, [one.answeredBy, one.application ? tag(one.application, "accent") : null]),
  h("td", { class: "wide" }, talked(one)), h("td", {}, tag(...(results[one.result] ?? [one.result]))),
  h("td", { class: "acts" }, h("a", { class: "button", href: `#/history/${one.row}`, "aria-label": `Details of the call of ${time(one.startedMs)}` }, "Details")));

const caller = (one) => [one.callerNumber || one.callerEndpoint || "a program", one.callerName ? h("div", { class: "soft small" }, one.callerName) : null];

function talked(one) {
  if (one.answeredMs === null) return "";
  const seconds = Math.round((one.endedMs - one.answeredMs) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

async function call(row) {
  const one = await get(`/calls/${encodeURIComponent(row)}`);
  const facts = [
    ["From", [one.callerName, one.callerNumber].filter(Boolean).join(" ") || one.callerEndpoint || "a program"], ["Through", one.callerEndpoint],
    ["To", one.dialled], ["Answered by", one.answeredBy], ["Application", one.application], ["Talked", talked(one)],
    ["Ended", time(one.endedMs)], ["Cause", String(one.cause)], ["Account code", one.accountCode], ["Channel", one.channel],
  ].filter(([, value]) => value);
  return {
    content: [
      head(`Call of ${time(one.startedMs)}`, tag(...(results[one.result] ?? [one.result])), h("a", { class: "button", href: "#/history" }, "Back")),
      h("section", { class: "card" }, h("dl", { class: "facts" }, facts.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]))),
      h("section", { class: "card table" }, h("h2", {}, "What happened"), one.timeline.length
        ? table([{ title: "Seconds" }, { title: "What" }, { title: "Channel", wide: true }], one.timeline.map((moment) => h("tr", {},
          h("td", { class: "mono" }, (moment.ms / 1000).toFixed(3)),
          h("td", {}, moment.what, moment.detail ? h("div", { class: "soft small mono" }, moment.detail) : null),
          h("td", { class: "wide mono" }, moment.channel))))
        : h("p", { class: "empty" }, "It was not kept what happened in this call.")),
    ],
  };
}
