// General settings, a tab for each subject.
import { h, head, table, tag, twice, notice, time, command } from "./ui.js";
import { get, post, put, patch, remove } from "./api.js";
import { form } from "./form.js";

const tabs = {
  sip: { title: "SIP", parts: [
    { section: "sip", title: "Where phones reach the system", fields: [
      { path: "listeners", label: "Listeners", kind: "rows", add: "Add listener", fresh: { transport: "udp", host: "0.0.0.0", port: 5060 },
        columns: [{ key: "transport", label: "Transport", options: ["udp", "tcp", "tls"] }, { key: "host", label: "Address" }, { key: "port", label: "Port", isNumber: true }],
        hint: "0.0.0.0 and :: are all addresses of the machine. TLS uses the certificate of the server. Calls go on when a listener moves." },
    ] },
    { section: "rtp", title: "Audio (RTP)", fields: [
      { path: "ports", label: "Ports", hint: "First and last, such as 10000-20000, for calls from now on." },
      { path: "advertisedAddress", label: "Public address", hint: "What peers outside of the local networks are told, when the server is behind NAT." },
      { path: "localNetworks", label: "Local networks", kind: "lines" },
      { path: "stunServer", label: "STUN server", advanced: true, hint: "Host or host:port. It tells where audio is seen from outside, for browsers; not needed where the public address is known." },
      { path: "iceServers", label: "STUN and TURN servers for browsers", kind: "lines", advanced: true, hint: "Such as turn:turn.example.com:3478, one in a line. Softphones learn of them when they log in." },
      { path: "turnUser", label: "User at the TURN servers", advanced: true },
      { path: "turnPassword", label: "Password at the TURN servers", advanced: true },
      { path: "bindAddress", label: "Address for audio", advanced: true, hint: "Empty: the one on which the call came." },
      { path: "timeoutSeconds", label: "Hang up after so many seconds without audio", kind: "number", advanced: true, hint: "0: never." },
      { path: "holdTimeoutSeconds", label: "The same for calls on hold", kind: "number", advanced: true },
    ] },
    { section: "identity", title: "Identity", fields: [{ path: "systemName", label: "System name", hint: "Begins every channel id; empty: nothing." }] },
  ] },
  codecs: { title: "Codecs", parts: [
    { section: "sip", title: "Codecs", fields: [
      { path: "codecs", label: "Codecs that may be used", kind: "choices", options: [["ulaw", "G.711 µ-law"], ["alaw", "G.711 A-law"], ["g722", "G.722 (wideband)"], ["opus", "Opus"]],
        hint: "Accounts use those of their own list that are ticked here; calls that stand keep theirs. New extensions begin with all of them. Opus bears losses best, and costs most." },
    ] },
  ] },
  ari: { title: "AMI & ARI", parts: [
    { section: "ami", title: "AMI", fields: [
      { path: "enabled", label: "Use AMI Interface", kind: "flag", hint: "The manager interface, for programs that watch and steer calls. Who may log in is set under AMI Access." },
      { path: "port", label: "AMI port", kind: "number" },
      { path: "tlsEnabled", label: "Serve AMI over TLS, too", kind: "flag" }, { path: "tlsPort", label: "AMI port for TLS", kind: "number" },
      { path: "host", label: "AMI address to listen at", hint: "127.0.0.1: only programs on this machine. 0.0.0.0 are all addresses; without TLS secrets can be read on the way.", advanced: true },
      { path: "timestampEvents", label: "Each event tells when it was", kind: "flag", advanced: true },
      { path: "cel", label: "Send channel event logging (CEL)", kind: "flag", advanced: true }, { path: "cdr", label: "Send the detail record of each call (Cdr)", kind: "flag", advanced: true },
    ] },
    { section: "ari", title: "ARI", fields: [
      { path: "enabled", label: "Use ARI Interface", kind: "flag" },
      { path: "allowedOrigins", label: "CORS allowed origins", kind: "lines", placeholder: "https://crm.example", hint: "One per line, such as https://crm.example:8443. None: pages of the same origin only. * lets every web page in: never use it in production." },
      { path: "preflightNeedsLogin", label: "Browsers must log in before they ask which methods a page can use, as with Asterisk", kind: "flag", advanced: true },
      { path: "realm", label: "Realm of the log-in prompt", advanced: true },
      { path: "channelVariables", label: "Variables that channels carry in every event", kind: "lines", advanced: true },
    ] },
    { section: "http", title: "HTTP", fields: [
      { path: "httpEnabled", label: "Serve HTTP", kind: "flag" }, { path: "httpPort", label: "HTTP port", kind: "number" },
      { path: "httpsEnabled", label: "Serve HTTPS", kind: "flag" }, { path: "httpsPort", label: "HTTPS port", kind: "number" },
      { path: "host", label: "Address to listen at", advanced: true, hint: "0.0.0.0 are all addresses of the machine." },
    ] },
  ] },
  security: { title: "Security", parts: [
    { section: "security", title: "Failed log-ins", fields: [
      { path: "blockFailedLogins", label: "Slow down and block addresses from which log-ins keep failing", kind: "flag" },
      { path: "failures", label: "Failures until an address is blocked", kind: "number" }, { path: "blockMinutes", label: "Minutes for which it is blocked", kind: "number" },
      { path: "neverBlock", label: "Networks that are never blocked", kind: "lines" },
    ] },
  ], more: [blockedAddresses, administratorPassword, tokens] },
  certificate: { title: "Certificate", parts: [
    { section: "http", title: "Certificate", fields: [
      { path: "certificate", label: "File with the certificate and its chain (PEM)", placeholder: "/etc/letsencrypt/live/pbx.example/fullchain.pem", hint: "Empty: the server makes one itself." },
      { path: "key", label: "File with the private key (PEM)", placeholder: "/etc/letsencrypt/live/pbx.example/privkey.pem" },
    ] },
  ], more: [sendCertificate, certificateInForce] },
  history: { title: "History", parts: [
    { section: "history", title: "What is kept", fields: [
      { path: "enabled", label: "Keep calls that are over", kind: "flag" }, { path: "timeline", label: "Keep what happened in each call", kind: "flag" },
      { path: "days", label: "For how many days", kind: "number", hint: "0: for ever." },
      { path: "log", label: "Keep the log", kind: "flag" }, { path: "logDays", label: "For how many days", kind: "number", hint: "0: for ever." },
    ] },
  ] },
  console: { title: "Console", parts: [
    { section: "console", title: "Console", fields: [
      { path: "host", label: "Address to listen at" }, { path: "httpPort", label: "HTTP port", kind: "number" },
      { path: "httpsEnabled", label: "Serve HTTPS, too", kind: "flag" }, { path: "httpsPort", label: "HTTPS port", kind: "number" },
    ] },
  ] },
};

export async function settings(name) {
  if (!Object.hasOwn(tabs, name)) return null;
  const tab = tabs[name];
  const parts = await Promise.all(tab.parts.map(async (part) => {
    const value = await get(`/settings/${part.section}`);
    return h("section", { class: "card" }, h("h2", {}, part.title), form({
      fields: part.fields, value, save: (changes) => patch(`/settings/${part.section}`, changes),
      check: async (changes) => (await patch(`/settings/${part.section}?check=yes`, changes)).problems,
    }));
  }));
  const more = await Promise.all((tab.more ?? []).map((make) => make()));
  return {
    content: [
      head("General Settings"),
      h("nav", { class: "tabs", "aria-label": "Settings" }, Object.entries(tabs).map(([key, one]) =>
        h("a", { href: `#/settings/${key}`, "aria-current": key === name ? "page" : null }, one.title))),
      parts, more,
    ].flat(2),
  };
}

async function blockedAddresses() {
  const items = await get("/blocked-addresses");
  return h("section", { class: "card table" }, h("h2", {}, "Addresses with failed log-ins"), items.length
    ? table([{ title: "Address" }, { title: "At" }, { title: "Failures", wide: true }, { title: "Last as", wide: true }, {}], items.map((item) => {
      const row = h("tr", {}, h("td", {}, h("span", { class: "mono" }, item.address), " ", item.blockedUntilMs ? tag(`blocked until ${time(item.blockedUntilMs)}`, "bad") : null),
        h("td", {}, item.service), h("td", { class: "wide" }, String(item.failures)), h("td", { class: "wide" }, item.lastName),
        h("td", { class: "acts" }, h("button", { type: "button", onclick: async () => {
          try { await remove(`/blocked-addresses/${encodeURIComponent(item.address)}`); row.remove(); notice("It may try again."); } catch (error) { notice(error.message, true); }
        } }, "Lift")));
      return row;
    }))
    : h("p", { class: "empty" }, "None."));
}

async function administratorPassword() {
  return h("section", { class: "card" }, h("h2", {}, "Administrator's password"), form({
    fields: [{ path: "current", label: "Present password", kind: "secret" }, { path: "password", label: "New password", kind: "secret", hint: "10 or more characters. Other sessions end." }],
    value: { current: "", password: "" }, save: async (changes) => { await put("/administrator/password", changes); return { value: { current: "", password: "" } }; },
  }));
}

async function tokens() {
  const items = await get("/tokens");
  const name = h("input", { id: "token-name", placeholder: "deployment" });
  const made = h("div", {});
  const rows = (list) => (list.length ? table([{ title: "Name" }, { title: "Made" }, {}], list.map((token) => {
    const row = h("tr", {}, h("td", {}, token.name), h("td", {}, time(token.createdMs)), h("td", { class: "acts" }, twice("Take back", async () => {
      await remove(`/tokens/${encodeURIComponent(token.name)}`);
      row.remove();
    })));
    return row;
  })) : h("p", { class: "soft" }, "None."));
  const place = h("div", {}, rows(items));
  return h("section", { class: "card" }, h("h2", {}, "Tokens"),
    h("p", { class: "soft" }, "A program with a token may do all that this console does, at /api/v1, with “Authorization: Bearer …”."), place,
    h("form", { onsubmit: async (event) => {
      event.preventDefault();
      try {
        const token = await post("/tokens", { name: name.value.trim() });
        made.replaceChildren(h("p", {}, "Copy it now: it is not shown again."), command(token.token));
        name.value = "";
        place.replaceChildren(rows(await get("/tokens")));
      } catch (error) { notice([error.message, ...error.problems.map((problem) => problem.advice)].join(" "), true); }
    } }, h("div", { class: "field" }, h("label", { for: "token-name" }, "Name of a new token"), h("div", { class: "with" }, name, h("button", { type: "submit" }, "Make token"))), made));
}

/** A certificate from this computer; of each file only the text is sent. */
async function sendCertificate() {
  const place = (id, text) => {
    const area = h("textarea", { id, rows: 4, placeholder: text, spellcheck: false });
    const fault = h("p", { class: "fault hidden", role: "alert" });
    const file = h("input", { type: "file", "aria-label": `File for: ${id}`, accept: ".pem,.crt,.cer,.key", onchange: async () => { if (file.files[0]) area.value = await file.files[0].text(); } });
    return { area, fault, file };
  };
  const certificate = place("sent-certificate", "-----BEGIN CERTIFICATE-----"), key = place("sent-key", "-----BEGIN PRIVATE KEY-----");
  const button = h("button", { type: "button", class: "primary", onclick: async () => {
    for (const one of [certificate, key]) one.fault.classList.add("hidden");
    button.disabled = true;
    try {
      await put("/certificate", { certificate: certificate.area.value, key: key.area.value });
      dispatchEvent(new Event("refresh"));
      notice("The certificate is in force.");
    } catch (error) {
      for (const problem of error.problems ?? []) {
        const { fault } = problem.path === "key" ? key : certificate;
        fault.textContent = `It ${problem.message}. ${problem.advice}`;
        fault.classList.remove("hidden");
      }
      if (!error.problems?.length) notice(error.message, true);
    }
    button.disabled = false;
  } }, "Use this certificate");
  return h("section", { class: "card" }, h("h2", {}, "Send a certificate"),
    h("div", { class: "field" }, h("label", { for: "sent-certificate" }, "Certificate and its intermediates"), certificate.file, certificate.area, certificate.fault),
    h("div", { class: "field" }, h("label", { for: "sent-key" }, "Private key"), key.file, key.area, key.fault),
    h("div", { class: "row" }, button, twice("Back to the self-signed one", async () => {
      await remove("/certificate");
      dispatchEvent(new Event("refresh"));
      notice("The self-signed certificate is in force.");
    })));
}

async function certificateInForce() {
  const { certificate } = await get("/status");
  return h("section", { class: "card" }, h("h2", {}, "In force"), certificate.fingerprint
    ? [h("p", {}, certificate.isSelfSigned ? tag("self-signed", "warn") : tag("own", "good"), certificate.endsMs ? ` ends ${time(certificate.endsMs)}` : ""),
      h("p", { class: "soft small" }, "SHA-256 fingerprint"), command(certificate.fingerprint)]
    : h("p", { class: "soft" }, "None: neither HTTPS nor this console's HTTPS is on."));
}
