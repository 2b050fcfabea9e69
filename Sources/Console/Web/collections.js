// Lists of things with a name, and the form of one of them.
import { h, head, table, tag, twice, notice, command, time } from "./ui.js";
import { get, post, put, patch, remove } from "./api.js";
import { form } from "./form.js";

const codecs = [["ulaw", "G.711 µ-law"], ["alaw", "G.711 A-law"], ["g722", "G.722 (wideband)"], ["opus", "Opus"]];
const transports = [["udp", "UDP"], ["tcp", "TCP"], ["tls", "TLS"]];
const phoneTransports = [...transports, ["ws", "WebSocket"], ["wss", "WebSocket over TLS"]];
const encryptions = [["automatic", "As the phone offers it"], ["sdes", "SRTP (SDES) only"], ["dtls", "SRTP (DTLS, WebRTC) only"]];
const digits = [["rfc4733", "In the audio stream (RFC 4733)"], ["info", "SIP INFO"], ["auto_info", "RFC 4733 if offered, else SIP INFO"]];

const amiClasses = [
  ["all", "All"], ["system", "System"], ["call", "Calls"], ["dialplan", "Dialplan and variables"], ["dtmf", "Keys"], ["user", "Events of programs"], ["cdr", "Call records"],
  ["originate", "Making calls"], ["reporting", "Reports"], ["command", "Commands"], ["config", "Configuration"],
];

/** What a field offers, read when its form is opened. */
const providers = async () => (await get("/providers")).map((one) => [one.name, one.name]);
const numbers = async () => {
  const [phones, applications] = await Promise.all([get("/extensions"), get("/dialplan-applications")]);
  return [...phones.map((one) => [one.number, one.callerID.name]), ...applications.map((one) => [one.extension, one.name])];
};
const applications = async () => [...new Set((await get("/live")).applications.map((one) => one.name))].map((name) => [name, ""]);

const yes = (value) => (value ? tag("yes", "accent") : "");

export const collections = {
  extensions: {
    title: "Extensions", one: "Extension", add: "Add Extension", key: "number",
    empty: "No extensions have been created yet. An extension is the account of a phone.",
    columns: [
      { title: "Number", cell: (item) => [h("strong", {}, item.number), item.callerID.name ? h("div", { class: "soft small" }, item.callerID.name) : null] },
      { title: "Codecs", wide: true, cell: (item) => item.codecs.join(", ") },
      { title: "Forwarding", wide: true, cell: (item) => Object.entries(item.forwarding).filter(([, number]) => number).map(([when, number]) => `${when} → ${number}`).join(", ") },
      { title: "State", cell: (item, extra) => {
        const phone = extra?.phones?.find((one) => one.number === item.number);
        return phone?.isRegistered ? tag("registered", "good") : tag("not registered");
      } },
    ],
    extra: () => get("/live"),
    value: { number: "", secret: "", authenticate: true, callerID: { name: "", number: "" }, codecs: ["ulaw", "alaw", "g722", "opus"], dtmf: "rfc4733", mediaEncryption: "automatic", context: "internal", maxContacts: 5, removeExisting: true, qualifySeconds: 60, busyLimit: 1, language: "", accountCode: "", mailbox: "", ringSeconds: 30, forwarding: { always: "", busy: "", unanswered: "", unavailable: "" }, outside: { maxCalls: 0, maxMinutes: 0 }, transports: [] },
    generates: ["secret"],
    fresh: async () => ({ codecs: (await get("/settings/sip")).codecs }),
    fields: [
      { path: "number", label: "Number", hint: "What others dial, and the user name of the phone." },
      { path: "callerID.name", label: "Name" },
      { path: "secret", label: "Secret", kind: "secret", hint: "The password of the phone." },
      { path: "codecs", label: "Codecs", kind: "choices", options: codecs },
      { path: "ringSeconds", label: "Seconds it rings", kind: "number" },
      { path: "forwarding.always", label: "Forward all calls to", load: numbers },
      { path: "forwarding.busy", label: "Forward to when busy", load: numbers },
      { path: "forwarding.unanswered", label: "Forward to when nobody answers", load: numbers },
      { path: "forwarding.unavailable", label: "Forward to when no device is there", load: numbers },
      { path: "authenticate", label: "The phone has to prove by the secret who it is", kind: "flag", hint: "Without it whoever reaches the server can be this extension: for tests and closed networks only.", advanced: true },
      { path: "busyLimit", label: "Busy with so many calls", kind: "number", hint: "From so many calls on it counts as BUSY for others who watch; 0: never. 1 suits presence monitors." },
      { path: "outside.maxCalls", label: "Calls through providers at the same time", kind: "number", hint: "0: no limit.", advanced: true },
      { path: "outside.maxMinutes", label: "Minutes of a call through providers", kind: "number", hint: "0: no limit.", advanced: true },
      { path: "transports", label: "Transports", kind: "choices", options: phoneTransports, hint: "None: all of them. Browsers come over WebSocket.", advanced: true },
      { path: "mediaEncryption", label: "Media encryption", kind: "choice", options: encryptions, hint: "Browsers always encrypt.", advanced: true },
      { path: "maxContacts", label: "Devices at the same time", kind: "number", advanced: true },
      { path: "removeExisting", label: "A further device takes the place of the oldest", kind: "flag", advanced: true },
      { path: "context", label: "Dialplan context of its calls", advanced: true },
      { path: "callerID.number", label: "Number that others see", advanced: true, hint: "Empty: its own." },
      { path: "dtmf", label: "Digits", kind: "choice", options: digits, advanced: true },
      { path: "qualifySeconds", label: "Seconds between two questions whether it is there", kind: "number", advanced: true, hint: "0: it is never asked." },
      { path: "mailbox", label: "Mailbox", advanced: true },
      { path: "language", label: "Language of sounds", advanced: true },
      { path: "accountCode", label: "Account code", advanced: true },
    ],
  },
  providers: {
    title: "Providers", one: "Provider", add: "Add Provider", key: "name",
    empty: "No providers have been created yet. A provider is a line to the telephone network or to another phone system.",
    columns: [
      { title: "Name", cell: (item) => h("strong", {}, item.name) },
      { title: "Host", wide: true, cell: (item) => item.host || "logs in here" },
      { title: "User", wide: true, cell: (item) => item.user },
      { title: "State", cell: (item, extra) => {
        if (!item.enabled) return tag("disabled");
        const line = extra?.providers?.find((one) => one.name === item.name);
        return line ? [tag(line.state, line.isGood ? "good" : "bad"), line.detail ? h("div", { class: "soft small" }, line.detail) : null] : tag("unknown");
      } },
    ],
    extra: () => get("/live"),
    value: { name: "", enabled: true, registration: "outbound", host: "", port: 0, transport: "udp", proxy: "", number: "", user: "", authUser: "", secret: "", fromUser: "", fromDomain: "", callerID: { name: "", number: "" }, assertIdentity: false, trustIdentity: false, allowedNetworks: [], context: "", codecs: ["alaw", "ulaw", "g722"], dtmf: "rfc4733", expirySeconds: 600, qualifySeconds: 60, maxCalls: 0 },
    fields: [
      { path: "name", label: "Name", placeholder: "sipline", hint: "Names the line in routes, and in PJSIP/number@name." },
      { path: "enabled", label: "In use", kind: "flag" },
      { path: "registration", label: "Registration", kind: "choice", options: [["outbound", "Arioso registers with the provider"], ["inbound", "The provider logs in here"], ["none", "By address: neither registers"]] },
      { path: "host", label: "Host", placeholder: "sip.example.com", hint: "The provider's host name or address." },
      { path: "user", label: "User", hint: "The account that the provider gave you." },
      { path: "secret", label: "Secret", kind: "secret" },
      { path: "transport", label: "Transport", kind: "choice", options: transports },
      { path: "callerID.number", label: "Number that called parties see", hint: "Empty: the caller's own." },
      { path: "codecs", label: "Codecs", kind: "choices", options: codecs },
      { path: "callerID.name", label: "Name that called parties see", advanced: true },
      { path: "port", label: "Port", kind: "number", hint: "0: the usual one of the transport.", advanced: true },
      { path: "proxy", label: "Proxy", placeholder: "proxy.example.com:5060", advanced: true },
      { path: "number", label: "Who is called when a call names only the line", advanced: true },
      { path: "authUser", label: "User of the secret", hint: "Empty: the user above.", advanced: true },
      { path: "fromUser", label: "User in From", hint: "Empty: the user above, and without one the caller's number.", advanced: true },
      { path: "fromDomain", label: "Domain in From", hint: "Empty: the host.", advanced: true },
      { path: "assertIdentity", label: "Tell the caller's number in P-Asserted-Identity", kind: "flag", advanced: true },
      { path: "trustIdentity", label: "Believe the P-Asserted-Identity of incoming calls", kind: "flag", advanced: true },
      { path: "allowedNetworks", label: "Further networks that its calls come from", kind: "lines", advanced: true },
      { path: "maxCalls", label: "Calls at the same time", kind: "number", hint: "0: no limit.", advanced: true },
      { path: "dtmf", label: "Digits", kind: "choice", options: digits, advanced: true },
      { path: "expirySeconds", label: "Seconds of a registration", kind: "number", advanced: true },
      { path: "qualifySeconds", label: "Seconds between two questions whether it is there", kind: "number", hint: "0: it is never asked.", advanced: true },
      { path: "context", label: "Dialplan context of its calls", hint: "Empty: the incoming routes.", advanced: true },
    ],
  },
  "incoming-routes": {
    title: "Incoming Routes", one: "Incoming route", add: "Add Incoming Route", key: "name", ordered: true,
    empty: "No incoming routes have been created yet. They say where calls from providers go; the first that fits is taken.",
    columns: [
      { title: "Name", cell: (item) => [h("strong", {}, item.name), item.enabled ? null : tag("disabled")] },
      { title: "From", wide: true, cell: (item) => item.provider || "any provider" },
      { title: "Number", cell: (item) => item.number || "any" },
      { title: "To", cell: (item) => goal(item.destination, item.application) },
      { title: "Fallback", wide: true, cell: (item) => goal(item.fallback, item.fallbackApplication) },
    ],
    value: { name: "", enabled: true, provider: "", number: "", destination: "", application: "", seconds: 30, fallback: "", fallbackApplication: "" },
    fields: [
      { path: "name", label: "Name" },
      { path: "enabled", label: "In use", kind: "flag" },
      { path: "provider", label: "Provider", kind: "choice", load: async () => [["", "Any"], ...await providers()] },
      { path: "number", label: "Number that is called", hint: "As the provider sends it. Empty: any. X stands for any digit; after a leading _ the whole language of patterns." },
      { path: "destination", label: "Extension or dialplan application", load: numbers },
      { path: "application", label: "or ARI application", load: applications },
      { path: "seconds", label: "Seconds an extension rings", kind: "number" },
      { path: "fallback", label: "If nobody answers: number", load: numbers },
      { path: "fallbackApplication", label: "or ARI application, if nobody answers", load: applications },
    ],
  },
  "outgoing-routes": {
    title: "Outgoing Routes", one: "Outgoing route", add: "Add Outgoing Route", key: "name", ordered: true,
    empty: "No outgoing routes have been created yet. Nothing may be called through providers until one allows it.",
    columns: [
      { title: "Name", cell: (item) => [h("strong", {}, item.name), item.enabled ? null : tag("disabled")] },
      { title: "Pattern", cell: (item) => h("code", {}, item.pattern) },
      { title: "Change", wide: true, cell: (item) => [item.strip ? `without the first ${item.strip}` : "", item.prepend ? `${item.prepend} in front` : ""].filter(Boolean).join(", ") },
      { title: "Through", cell: (item) => item.providers.join(", ") },
      { title: "For", wide: true, cell: (item) => item.extensions.join(", ") || "everybody" },
    ],
    value: { name: "", enabled: true, pattern: "", strip: 0, prepend: "", providers: [], extensions: [], seconds: 60 },
    fields: [
      { path: "name", label: "Name" },
      { path: "enabled", label: "In use", kind: "flag" },
      { path: "pattern", label: "Number that is dialled", placeholder: "0X.", hint: "X stands for any digit, a point at the end for any further ones; after a leading _ the whole language of patterns." },
      { path: "strip", label: "Leave out so many at the start", kind: "number" },
      { path: "prepend", label: "Then put in front" },
      { path: "providers", label: "Providers, the first one is tried first", kind: "choices", load: providers, none: "There are no providers yet." },
      { path: "extensions", label: "Extensions that may use it", kind: "lines", hint: "One per line. None: everybody." },
      { path: "seconds", label: "Seconds it rings", kind: "number", advanced: true },
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
  "ami-managers": {
    title: "AMI Access", one: "Manager", add: "Add Manager", key: "name",
    empty: "No managers have been created yet. A manager is the account of a program that uses the manager interface (AMI).",
    columns: [
      { title: "Name", cell: (item) => [h("strong", {}, item.name), item.description ? h("div", { class: "soft small" }, item.description) : null] },
      { title: "Hears of", wide: true, cell: (item) => item.read.join(", ") || "nothing" },
      { title: "May do", wide: true, cell: (item) => item.write.join(", ") || "nothing" },
      { title: "", cell: (item) => (item.enabled ? null : tag("disabled", "bad")) },
    ],
    value: { name: "", secret: "", enabled: true, description: "", read: ["call", "user"], write: [], eventFilters: [], allowedNetworks: [] },
    generates: ["secret"],
    fields: [
      { path: "name", label: "Name" },
      { path: "secret", label: "Secret", kind: "secret" },
      { path: "description", label: "Description" },
      { path: "read", label: "Events that it hears of", kind: "choices", options: amiClasses },
      { path: "write", label: "Actions that it may use", kind: "choices", options: amiClasses },
      { path: "enabled", label: "May log in", kind: "flag" },
      { path: "eventFilters", label: "Filters of events", kind: "lines", placeholder: "!Event: VarSet", hint: "Regular expressions, one per line. With ! before it: events that match are left out.", advanced: true },
      { path: "allowedNetworks", label: "Networks that it may come from", kind: "lines", placeholder: "192.0.2.0/24", hint: "None: any.", advanced: true },
    ],
  },
  "ari-users": {
    title: "ARI Access", one: "ARI user", add: "Add User", key: "name",
    empty: "No ARI users have been created yet.",
    columns: [
      { title: "Username", cell: (item) => [h("strong", {}, item.name), item.description ? h("div", { class: "soft small" }, item.description) : null] },
      { title: "Applications", wide: true, cell: (item) => h("div", { class: "row" }, item.applications.length ? item.applications.map((name) => tag(name, "accent")) : tag("ALL")) },
      { title: "Last used", wide: true, cell: (item, extra) => {
        const use = extra?.uses?.find((one) => one.name === item.name);
        return use?.lastUsedMs ? [time(use.lastUsedMs), h("div", { class: "soft small" }, `from ${use.lastAddress}`)]
          : ["never", use ? h("div", { class: "soft small" }, `made ${time(use.createdMs)}`) : null];
      } },
      { title: "", cell: (item) => h("div", { class: "row" }, item.enabled ? null : tag("disabled", "bad"), item.readOnly ? tag("read-only") : null, item.weakPassword ? tag("weak password", "warn") : null) },
    ],
    extra: async () => {
      const [status, uses] = await Promise.all([get("/status"), get("/ari-user-uses")]);
      return { ...status, uses };
    },
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

const goal = (number, application) => (application ? tag(application, "accent") : number);

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
        kind.ordered ? movers(name, items, item, kind.key) : null,
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

/** Buttons that change the order in which the items of a list are looked at. */
function movers(name, items, item, key) {
  const at = items.indexOf(item);
  const move = (step, label, sign) => h("button", { type: "button", "aria-label": `${label} ${item[key]}`, disabled: !items[at + step], onclick: async () => {
    const names = items.map((one) => one[key]);
    [names[at], names[at + step]] = [names[at + step], names[at]];
    try {
      await put(`/${name}`, { names });
      dispatchEvent(new Event("refresh"));
    } catch (error) { notice(error.message, true); }
  } }, sign);
  return [move(-1, "Move up", "↑"), " ", move(1, "Move down", "↓"), " "];
}

export async function itemPage(name, id) {
  const kind = collections[name];
  const isNew = id === ":new";
  const value = isNew ? structuredClone(kind.value) : await get(`/${name}/${encodeURIComponent(id)}`);
  if (isNew && kind.fresh) Object.assign(value, await kind.fresh());
  if (isNew) for (const path of kind.generates ?? []) value[path] = (await post("/passwords")).password;
  const fields = await Promise.all(kind.fields.map(async (field) => {
    const known = field.load ? await field.load().catch(() => []) : undefined;
    return { ...field, ...(!isNew && field.changed ? { hint: field.changed } : {}), ...(field.kind ? (known ? { options: known } : {}) : { known }) };
  }));
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
