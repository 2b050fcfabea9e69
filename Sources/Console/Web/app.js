// The frame around all pages: who is logged in, the menu, and which page the address means.
import { h, notice } from "./ui.js";
import { get, remove, setToken } from "./api.js";
import { gate } from "./gate.js";
import { hasChanges, forget } from "./form.js";
import { home } from "./home.js";

const menu = [
  ["", [["", "Home"], ["live", "Live"], ["explorer", "ARI Explorer"], ["softphone", "Softphone"]]],
  ["Telephony", [["extensions", "Extensions"], ["sounds", "Sound Files"], ["recordings", "Recordings"], ["history", "Call History"]]],
  ["Routing", [["providers", "Providers"], ["incoming-routes", "Incoming Routes"], ["outgoing-routes", "Outgoing Routes"], ["dialplan-applications", "Dialplan Applications"], ["dialplan-files", "Dialplan files"]]],
  ["System", [["settings/ari", "General Settings"], ["ari-users", "ARI Access"], ["ami-managers", "AMI Access"], ["websocket-clients", "WebSocket clients"], ["outbound-websockets", "Outbound WebSockets"], ["log", "Log"]]],
];

const app = document.getElementById("app");
let main, frame, leave = null, shown = location.hash, turns = 0;

function build() {
  const links = menu.map(([title, items]) => [
    title ? h("h2", {}, title) : null,
    items.map(([path, label]) => h("a", { class: "item", href: `#/${path}`, "data-path": path }, label)),
  ]);
  const logo = () => h("a", { class: "brand", href: "#/" }, h("img", { src: "icon.svg", alt: "" }), "Arioso");
  const opener = h("button", { type: "button", "aria-expanded": "false", "aria-controls": "menu", onclick: () => toggle() }, "Menu");
  const toggle = (open = !frame.classList.contains("open")) => {
    frame.classList.toggle("open", open);
    opener.setAttribute("aria-expanded", String(open));
  };
  main = h("main", { id: "main", tabIndex: -1 });
  const logOut = h("button", { type: "button", onclick: async () => { await remove("/session").catch(() => {}); location.reload(); } }, "Log out");
  frame = h("div", { class: "frame" },
    h("div", { class: "bar" }, opener, logo()),
    h("nav", { class: "side", id: "menu", "aria-label": "Main", onclick: (event) => { if (event.target.closest("a")) toggle(false); } }, logo(), links, h("div", { class: "foot" }, logOut)),
    main);
  app.replaceChildren(frame);
}

async function show() {
  const path = decodeURIComponent(location.hash.replace(/^#\/?/, ""));
  const [name, ...rest] = path.split("/");
  leave?.();
  leave = null;
  document.getElementById("notices").replaceChildren();
  forget();
  for (const link of frame.querySelectorAll("a.item")) {
    const own = link.dataset.path;
    const isHere = own === path || (own !== "" && own.split("/")[0] === name);
    if (isHere) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
  }
  const place = main;
  // A page that is slow to load must not take the place of one that was asked for later.
  const turn = ++turns;
  place.replaceChildren(h("p", { class: "soft" }, "Loading …"));
  try {
    const page = await pageFor(name, rest);
    if (place !== main || turn !== turns) return page.leave?.();
    place.replaceChildren(...[page.content].flat());
    leave = page.leave ?? null;
    document.title = `${place.querySelector("h1")?.textContent ?? "Arioso"} – Arioso`;
  } catch (error) {
    if (turn !== turns) return;
    place.replaceChildren(
      h("div", { class: "note bad", role: "alert" }, h("p", {}, error.message)),
      h("button", { type: "button", onclick: show }, "Try again"));
  }
}

/** Pages are loaded when they are asked for. */
const pages = {
  "": home,
  live: async () => (await import("./live.js")).live(),
  explorer: async () => (await import("./explorer.js")).explorer(),
  softphone: async () => (await import("./softphone.js")).softphone(),
  sounds: async () => (await import("./sounds.js")).sounds(),
  recordings: async () => (await import("./recordings.js")).recordings(),
  history: async ([row]) => (await import("./history.js")).callHistory(row),
  log: async () => (await import("./log.js")).log(),
  settings: async ([tab]) => (await import("./settings.js")).settings(tab),
};

async function pageFor(name, rest) {
  const page = Object.hasOwn(pages, name) ? await pages[name](rest) : null;
  if (page) return page;
  const { collections, listPage, itemPage } = await import("./collections.js");
  if (Object.hasOwn(collections, name)) return rest.length ? itemPage(name, rest.join("/")) : listPage(name);
  return { content: [h("h1", {}, "Not found"), h("p", {}, "There is no such page."), h("a", { href: "#/" }, "Home")] };
}

addEventListener("refresh", () => frame && show());
addEventListener("hashchange", () => {
  if (location.hash === shown || !frame) return;
  if (hasChanges() && !confirm("Changes on this page are not saved. Leave it anyway?")) {
    history.replaceState(null, "", shown || "#/");
    return;
  }
  shown = location.hash;
  show();
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
});
addEventListener("beforeunload", (event) => { if (hasChanges()) event.preventDefault(); });
document.addEventListener("loggedout", () => { if (frame) { frame = null; start(); notice("You were logged out.", true); } });

async function start() {
  try {
    const session = await get("/session");
    if (session.state !== "open") return app.replaceChildren(gate(session.state, start));
    setToken(session.csrfToken);
    build();
    shown = location.hash;
    show();
  } catch (error) {
    app.replaceChildren(h("div", { class: "gate" }, h("div", { class: "note bad", role: "alert" }, error.message), h("button", { type: "button", onclick: start }, "Try again")));
  }
}
start();
