// Lists of things with a name, and the form of one of them.
import { h, head, table, tag, twice, notice, command } from "./ui.js";
import { get, post, patch, remove } from "./api.js";
import { form } from "./form.js";

const yes = (value) => (value ? tag("yes", "accent") : "");

export const collections = {
  extensions: {
    title: "Extensions", one: "Extension", add: "Add Extension", key: "number",
    empty: "No extensions have been created yet. An extension is the account of a phone.",
    columns: [
      { title: "Number", cell: (item) => [h("strong", {}, item.number), item.callerID.name ? h("div", { class: "soft small" }, item.callerID.name) : null] },
      { title: "Codecs", wide: true, cell: (item) => item.codecs.join(", ") },
      { title: "State", cell: (item, extra) => {
        const phone = extra?.phones?.find((one) => one.number === item.number);
        return phone?.isRegistered ? tag("registered", "good") : tag("not registered");
      } },
    ],
    extra: () => get("/live"),
    value: { number: "", secret: "", callerID: { name: "", number: "" }, codecs: ["ulaw", "alaw", "g722"], dtmf: "rfc4733", context: "internal", maxContacts: 5, removeExisting: true, qualifySeconds: 60, busyLimit: 1, language: "", accountCode: "", mailbox: "" },
    generates: ["secret"],
    fields: [
      { path: "number", label: "Number", hint: "What others dial, and the user name of the phone." },
      { path: "callerID.name", label: "Name" },
      { path: "secret", label: "Secret", kind: "secret", hint: "The password of the phone." },
      { path: "codecs", label: "Codecs", kind: "choices", options: [["ulaw", "G.711 µ-law"], ["alaw", "G.711 A-law"], ["g722", "G.722 (wideband)"], ["opus", "Opus"]] },
      { path: "busyLimit", label: "Busy with so many calls", kind: "number", hint: "From so many calls on it counts as BUSY for others who watch; 0: never. 1 suits presence monitors." },
      { path: "maxContacts", label: "Devices at the same time", kind: "number", advanced: true },
      { path: "removeExisting", label: "A further device takes the place of the oldest", kind: "flag", advanced: true },
      { path: "context", label: "Dialplan context of its calls", advanced: true },
      { path: "callerID.number", label: "Number that others see", advanced: true, hint: "Empty: its own." },
      { path: "dtmf", label: "Digits", kind: "choice", options: [["rfc4733", "In the audio stream (RFC 4733)"], ["info", "SIP INFO"], ["auto_info", "RFC 4733 if offered, else SIP INFO"]], advanced: true },
      { path: "qualifySeconds", label: "Seconds between two questions whether it is there", kind: "number", advanced: true, hint: "0: it is never asked." },
      { path: "mailbox", label: "Mailbox", advanced: true },
      { path: "language", label: "Language of sounds", advanced: true },
      { path: "accountCode", label: "Account code", advanced: true },
    ],
  },
  "dialplan-applications": {
    title: "Dialplan Applications", one: "Dialplan application", add: "Add Dialplan Application", key: "extension",
    empty: "No dialplan applications have been created yet. One gives a number to a few lines of dialplan, such as Stasis(hello-world).",
    columns: [
      { title: "Number", cell: (item) => h("strong", {}, item.extension) },
      { title: "Name", cell: (item) => item.name },
      { title: "Code", wide: true, cell: (item) => h("code", {}, item.steps.slice(0, 3).join(" · ")) },
    ],
    value: { extension: "", name: "", steps: [] },
    fields: [
      { path: "extension", label: "Number", hint: "The number to dial, or a pattern: X stands for any digit; after a leading _ the whole language of patterns." },
      { path: "name", label: "Name" },
      { path: "steps", label: "Code", kind: "code", placeholder: "1,Answer()\nn,Stasis(hello-world)\nn,Hangup()", hint: "One application per line; the priority before it (1, n, n(label)) may be left out." },
    ],
  },
  "dialplan-files": {
    title: "Dialplan files", one: "Dialplan file", add: "Add Dialplan File", key: "name",
    empty: "No dialplan files. They hold whole contexts, for what goes beyond dialplan applications.",
    columns: [
      { title: "Name", cell: (item) => h("strong", {}, item.name) },
      { title: "Lines", cell: (item) => String(item.text.split("\n").length) },
    ],
    value: { name: "", text: "" },
    fields: [
      { path: "name", label: "Name", placeholder: "internal.conf" },
      { path: "text", label: "Text", kind: "code", rows: 24, asLines: false },
    ],
  },
  "ari-users": {
    title: "ARI Access", one: "ARI user", add: "Add User", key: "name",
    empty: "No ARI users have been created yet.",
    columns: [
      { title: "Username", cell: (item) => [h("strong", {}, item.name), item.description ? h("div", { class: "soft small" }, item.description) : null] },
      { title: "Applications", wide: true, cell: (item) => h("div", { class: "row" }, item.applications.length ? item.applications.map((name) => tag(name, "accent")) : tag("ALL")) },
      { title: "", cell: (item) => h("div", { class: "row" }, item.enabled ? null : tag("disabled", "bad"), item.readOnly ? tag("read-only") : null, item.weakPassword ? tag("weak password", "warn") : null) },
    ],
    extra: () => get("/status"),
    above: (status) => status?.ari.enabled ? null : h("div", { class: "note warn" }, h("p", {}, "ARI is off: nobody can connect. ", h("a", { href: "#/settings/ari" }, "Use ARI Interface"))),
    value: { name: "", password: "", description: "", applications: [], readOnly: false, enabled: true, allowedNetworks: [] },
    generates: ["password"],
    fields: [
      { path: "name", label: "Username", placeholder: "e.g., ari_user" },
      { path: "password", label: "Password", kind: "secret", onlyWhenGiven: true, hint: "Only a hash of it is kept: copy it now.", changed: "Leave it empty to keep the present one." },
      { path: "description", label: "Description" },
      { path: "applications", label: "Applications", kind: "lines", placeholder: "hello-world", hint: "One per line. The user sees and controls only what belongs to them. None: all applications." },
      { path: "readOnly", label: "May look, but change nothing", kind: "flag" },
      { path: "enabled", label: "May log in", kind: "flag" },
      { path: "allowedNetworks", label: "Allowed networks", kind: "lines", placeholder: "192.168.0.0/16", hint: "One per line. None: from anywhere.", advanced: true },
    ],
    below: connection,
  },
  "websocket-clients": {
    title: "WebSocket clients", one: "WebSocket client", add: "Add WebSocket Client", key: "name",
    empty: "No programs to which Arioso opens WebSockets.",
    columns: [{ title: "Name", cell: (item) => h("strong", {}, item.name) }, { title: "Address", cell: (item) => item.uri }],
    value: { name: "", uri: "", user: "", password: "", subprotocols: [], authorities: "", verifyCertificate: true, connectTimeoutMs: 500, reconnectMs: 500 },
    fields: [
      { path: "name", label: "Name" },
      { path: "uri", label: "Address", placeholder: "wss://bot.example/arioso" },
      { path: "user", label: "User" },
      { path: "password", label: "Password", kind: "secret" },
      { path: "verifyCertificate", label: "Check its certificate", kind: "flag" },
      { path: "authorities", label: "File with the authorities to trust", advanced: true },
      { path: "subprotocols", label: "Subprotocols", kind: "lines", advanced: true },
      { path: "connectTimeoutMs", label: "Milliseconds to connect", kind: "number", advanced: true },
      { path: "reconnectMs", label: "Milliseconds until it is tried again", kind: "number", advanced: true },
    ],
  },
  "outbound-websockets": {
    title: "Outbound WebSockets", one: "Outbound WebSocket", add: "Add Outbound WebSocket", key: "name",
    empty: "No connections that Arioso opens to programs for events.",
    columns: [
      { title: "Name", cell: (item) => h("strong", {}, item.name) }, { title: "To", cell: (item) => item.client },
      { title: "Applications", wide: true, cell: (item) => item.applications.join(", ") }, { title: "Per call", wide: true, cell: (item) => yes(item.perCall) },
    ],
    value: { name: "", client: "", applications: [], perCall: false, subscribeAll: false, user: "" },
    fields: [
      { path: "name", label: "Name" },
      { path: "client", label: "WebSocket client", hint: "One of those under WebSocket clients." },
      { path: "applications", label: "Applications", kind: "lines" },
      { path: "user", label: "ARI user", hint: "In whose name requests are carried out." },
      { path: "perCall", label: "One connection for each call", kind: "flag" },
      { path: "subscribeAll", label: "Send all events", kind: "flag" },
    ],
  },
};

export async function listPage(name) {
  const kind = collections[name];
  const [items, extra] = await Promise.all([get(`/${name}`), kind.extra?.().catch(() => null)]);
  const link = (item) => `#/${name}/${encodeURIComponent(item[kind.key])}`;
  const search = h("input", { type: "search", placeholder: "Search", "aria-label": `Search ${kind.title}`, oninput: () => {
    const word = search.value.trim().toLowerCase();
    for (const row of body.querySelectorAll("tbody tr")) row.classList.toggle("hidden", !row.textContent.toLowerCase().includes(word));
  } });
  const rows = items.map((item) => {
    const row = h("tr", {}, kind.columns.map((column) => h("td", { class: column.wide ? "wide" : null }, column.cell(item, extra))),
      h("td", { class: "acts" }, h("a", { class: "button", href: link(item), "aria-label": `Edit ${item[kind.key]}` }, "Edit"), " ",
        twice("Delete", async () => {
          await remove(`/${name}/${encodeURIComponent(item[kind.key])}`);
          row.remove();
          notice(`${kind.one} ${item[kind.key]} deleted.`);
        }, { "aria-label": `Delete ${item[kind.key]}` })));
    return row;
  });
  const adder = () => h("a", { class: "button primary", href: `#/${name}/:new` }, kind.add);
  const body = h("section", { class: "card table" }, table([...kind.columns, {}], rows));
  return {
    content: [
      head(kind.title, items.length > 6 ? search : null, adder()),
      kind.above?.(extra) ?? "",
      items.length ? body : h("section", { class: "card empty" }, h("p", {}, kind.empty), adder()),
    ],
  };
}

export async function itemPage(name, id) {
  const kind = collections[name];
  const isNew = id === ":new";
  const value = isNew ? structuredClone(kind.value) : await get(`/${name}/${encodeURIComponent(id)}`);
  if (isNew) for (const path of kind.generates ?? []) value[path] = (await post("/passwords")).password;
  const fields = kind.fields.map((field) => (!isNew && field.changed ? { ...field, hint: field.changed } : field));
  const path = (check) => (isNew ? `/${name}` : `/${name}/${encodeURIComponent(id)}`) + (check ? "?check=yes" : "");
  const send = (changes, check = false) => (isNew ? post(path(check), changes) : patch(path(check), changes));
  const status = kind.below ? await get("/status").catch(() => null) : null;
  const content = form({
    fields, value, isNew, back: `#/${name}`, save: (changes) => send(changes),
    check: async (changes) => (await send(changes, true)).problems,
    saved: (answer) => {
      const now = answer?.value?.[kind.key];
      if (isNew || (now && now !== id)) {
        // A password that was just made is shown once more by staying here until one leaves.
        history.replaceState(null, "", `#/${name}/${encodeURIComponent(now)}`);
        dispatchEvent(new HashChangeEvent("hashchange"));
        notice("Saved. It is in force.");
      }
    },
  });
  return {
    content: [
      head(isNew ? kind.add : `${kind.one} ${id}`, isNew ? null : twice("Delete", async () => {
        await remove(path(false));
        notice(`${kind.one} ${id} deleted.`);
        location.hash = `#/${name}`;
      })),
      content, status ? kind.below(value, status) : "",
    ],
  };
}

/** How a program connects as this user. */
function connection(user, status) {
  const host = location.hostname.includes(":") ? `[${location.hostname.replace(/[[\]]/g, "")}]` : location.hostname;
  const application = user.applications[0] ?? "APPLICATION";
  const ways = [[status.ari.httpPort, "ws", "http"], [status.ari.httpsPort, "wss", "https"]].filter(([port]) => port);
  return h("section", { class: "card" }, h("h2", {}, "Connection Information"),
    ways.map(([port, socket, web]) => [
      h("p", { class: "soft small" }, port === status.ari.httpsPort && status.certificate.isSelfSigned ? `${web}, with a self-signed certificate` : web),
      command(`${socket}://${host}:${port}/asterisk/ari/events?app=${application}`), command(`${web}://${host}:${port}/asterisk/ari`),
      command(`curl -u ${user.name || "USER"}:PASSWORD ${web}://${host}:${port}/asterisk/ari/asterisk/info`)]));
}
