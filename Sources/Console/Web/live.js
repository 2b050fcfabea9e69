// What happens now: channels, bridges, applications, phones, and every event.
import { h, head, table, tag, twice, notice } from "./ui.js";
import { remove } from "./api.js";

const kept = 500;
const phoneStates = { NOT_INUSE: ["Available", "good"], INUSE: ["In use", "warn"], BUSY: ["Busy", "bad"], UNAVAILABLE: ["Unavailable", ""], RINGING: ["Ringing", "warn"], RINGINUSE: ["Ringing", "warn"], ONHOLD: ["On hold", "warn"] };

export async function live() {
  const places = Object.fromEntries(["channels", "bridges", "applications", "phones"].map((name) => [name, h("section", { class: "card table" })]));
  const chart = h("div", {});
  const state = h("span", { class: "soft small", role: "status" }, "Connecting …");
  const feed = eventList();
  const source = new EventSource("/api/v1/events");
  source.onopen = () => { state.textContent = "Connected"; };
  source.onerror = () => { state.textContent = "Not connected; trying again …"; };
  source.addEventListener("ari", (message) => feed.add(JSON.parse(message.data)));
  source.addEventListener("live", (message) => draw(JSON.parse(message.data)));

  function draw(now) {
    keepFocus(() => {
      places.channels.replaceChildren(h("h2", {}, `Channels (${now.channelCount})`), now.channels.length
        ? table([{ title: "Channel" }, { title: "State" }, { title: "Caller", wide: true }, { title: "At", wide: true }, {}], now.channels.map(channelRow))
        : h("p", { class: "empty" }, "Nobody is calling."));
      places.bridges.replaceChildren(h("h2", {}, `Bridges (${now.bridges.length})`), now.bridges.length
        ? table([{ title: "Bridge" }, { title: "Type", wide: true }, { title: "Inside" }], now.bridges.map((bridge) => h("tr", {},
          h("td", {}, bridge.name || h("span", { class: "mono" }, bridge.id)), h("td", { class: "wide" }, `${bridge.bridge_type}, ${bridge.technology}`),
          h("td", {}, bridge.channels.map((id) => h("div", {}, now.channels.find((channel) => channel.id === id)?.name ?? id))))))
        : h("p", { class: "empty" }, "No bridges."));
      places.applications.replaceChildren(h("h2", {}, `Applications (${now.applications.length})`), now.applications.length
        ? table([{ title: "Application" }, { title: "Connections" }], now.applications.map((application) => h("tr", {},
          h("td", {}, application.name), h("td", {}, application.isActive ? tag(String(application.connections || "connected"), "good") : tag("none", "bad")))))
        : h("p", { class: "empty" }, "No program is connected."));
      places.phones.replaceChildren(h("h2", {}, `Phones (${now.phones.length})`), now.phones.length
        ? table([{ title: "Number" }, { title: "State" }], now.phones.map((phone) => {
          const [text, kind] = phoneStates[phone.state] ?? [phone.state, ""];
          return h("tr", {}, h("td", {}, phone.number), h("td", {}, tag(text, kind)));
        }))
        : h("p", { class: "empty" }, "No extensions yet."));
      chart.replaceChildren(bars(now.callsPerMinute));
    });
  }

  return {
    content: [
      head("Live", state),
      h("section", { class: "card" }, h("h2", {}, "Channels made per minute"), chart),
      places.channels, places.bridges,
      h("div", { class: "halves" }, places.applications, places.phones),
      feed.element,
    ],
    leave: () => source.close(),
  };
}

// Redrawing must not take the place away from who uses the keyboard, nor disarm a button that is about to be pressed again.
function keepFocus(draw) {
  if (document.activeElement?.closest("[data-channel]")) return;
  draw();
}

function channelRow(channel) {
  const hangUp = twice("Hang up", async () => {
    await remove(`/channels/${encodeURIComponent(channel.id)}`);
    hangUp.blur();
    notice("Hung up.");
  });
  return h("tr", { "data-channel": channel.id },
    h("td", {}, h("div", {}, channel.name), h("div", { class: "soft small mono" }, channel.id)),
    h("td", {}, tag(channel.state, channel.state === "Up" ? "good" : "")),
    h("td", { class: "wide" }, [channel.caller.name, channel.caller.number].filter(Boolean).join(" ") || "–"),
    h("td", { class: "wide" }, `${channel.dialplan.exten}@${channel.dialplan.context} ${channel.dialplan.app_name}`),
    h("td", { class: "acts" }, hangUp));
}

function bars(values) {
  const ns = "http://www.w3.org/2000/svg";
  const most = Math.max(1, ...values), count = 60;
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", `0 0 ${count * 10} 60`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("class", "chart");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `Channels made in the last ${values.length} minutes: ${values.join(", ")}`);
  values.forEach((value, index) => {
    const bar = document.createElementNS(ns, "rect");
    const height = Math.max(value ? 2 : 0.5, (value / most) * 56);
    for (const [key, number] of Object.entries({ x: (count - values.length + index) * 10 + 1, y: 60 - height, width: 8, height, rx: 1 })) bar.setAttribute(key, number);
    svg.append(bar);
  });
  return h("div", {}, svg, h("div", { class: "soft small" }, `Now ${values.at(-1) ?? 0}, most ${Math.max(0, ...values)}`));
}

function eventList() {
  let isPaused = false, missed = 0;
  const list = h("ul", { class: "events" });
  const empty = h("p", { class: "empty" }, "Events appear here as they happen.");
  const filter = h("input", { type: "search", placeholder: "Type, channel id, number …", "aria-label": "Show only events with", oninput: () => {
    for (const item of list.children) item.classList.toggle("hidden", !matches(item.text));
  } });
  const matches = (text) => text.toLowerCase().includes(filter.value.trim().toLowerCase());
  const pause = h("button", { type: "button", "aria-pressed": "false", onclick: () => {
    isPaused = !isPaused;
    missed = 0;
    label();
  } }, "Pause");
  const label = () => {
    pause.textContent = isPaused ? `Go on${missed ? ` (${missed} left out)` : ""}` : "Pause";
    pause.setAttribute("aria-pressed", String(isPaused));
  };
  const clear = h("button", { type: "button", onclick: () => { list.replaceChildren(); empty.classList.remove("hidden"); } }, "Clear");
  return {
    element: h("section", { class: "card table" }, h("div", { class: "head" }, h("h2", {}, "Events"), h("div", { class: "row" }, filter, pause, clear)), empty, list),
    add(event) {
      if (isPaused) { missed += 1; return label(); }
      empty.classList.add("hidden");
      const about = event.channel?.name ?? event.peer?.name ?? event.bridge?.id ?? event.playback?.id ?? event.recording?.name ?? event.device_state?.name ?? event.endpoint?.resource ?? "";
      const item = h("li", {}, h("button", { type: "button", "aria-expanded": "false", onclick: (click) => {
        const details = item.querySelector("pre");
        if (details) details.remove(); else item.append(h("pre", {}, JSON.stringify(event, null, 2)));
        click.currentTarget.setAttribute("aria-expanded", String(!details));
      } }, h("span", { class: "soft" }, event.timestamp.slice(11, 23)), h("span", {}, event.type), h("span", { class: "soft about" }, about)));
      item.text = JSON.stringify(event);
      item.classList.toggle("hidden", !matches(item.text));
      list.prepend(item);
      while (list.children.length > kept) list.lastChild.remove();
    },
  };
}
