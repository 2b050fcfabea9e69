// <arioso-phone>: a softphone as an element, for any page.
//
//   <script type="module" src="https://pbx.example:8089/phone/arioso-phone.js"></script>
//   <arioso-phone server="wss://pbx.example:8089/ws" user="6001"></arioso-phone>
//
// Attributes: server, user, password, name, and ice-servers with JSON as RTCPeerConnection takes it. Methods: `dial(number)`, `logIn({ server, user, password })`, `logOut()`.
// Events: `call` with the call as detail, `state` when it registers or not.
import { Phone } from "./phone.js";
import { Tones } from "./sounds.js";

const style = new URL("./phone.css", import.meta.url).href;
const storageName = "arioso-phone";
const numberPattern = /[^0-9*#+a-zA-Z._@:-]/g;

/** Makes an element; keys that begin with "on" are listeners. */
function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key in element && key !== "list") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

class AriosoPhone extends HTMLElement {
  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    this.tones = new Tones();
    this.devices = load().devices ?? {};
    this.view = h("div", { class: "phone" });
    this.player = h("audio", { autoplay: true });
    root.append(h("link", { rel: "stylesheet", href: style }), this.view, this.player);
  }

  connectedCallback() {
    const kept = load().account ?? {};
    const account = {
      server: this.getAttribute("server") || kept.server || usualServer(), user: this.getAttribute("user") || kept.user || "",
      password: this.getAttribute("password") || (kept.user === (this.getAttribute("user") || kept.user) ? kept.password : "") || "",
      name: this.getAttribute("name") ?? "", iceServers: servers(this.getAttribute("ice-servers")),
    };
    if (account.user && account.password) this.logIn(account); else this.showLogIn(account);
    this.clock = setInterval(() => this.tick(), 1_000);
    this.meter = setInterval(() => this.measure(), 200);
  }

  disconnectedCallback() {
    clearInterval(this.clock);
    clearInterval(this.meter);
    this.tones.play(null);
    this.phone?.stop();
  }

  /** Registers with an account, in place of the one before. */
  logIn({ server, user, password, name = "", iceServers = this.account?.iceServers ?? [] }) {
    this.phone?.stop();
    let phone;
    try {
      phone = new Phone({ server, user, password, name, iceServers, instance: instance(user) });
    } catch {
      return this.showLogIn({ server, user, password }, "The server's address is none: it begins with wss://");
    }
    this.phone = phone;
    this.account = { server, user, password, name, iceServers };
    phone.addEventListener("state", () => {
      if (phone !== this.phone) return;
      if (phone.state === "refused") this.showLogIn(this.account, phone.problem); else this.showStatus();
      this.dispatchEvent(new CustomEvent("state", { detail: phone.state }));
    });
    phone.addEventListener("call", ({ detail }) => this.take(detail));
    this.showPhone();
    phone.start();
  }

  logOut() {
    this.phone?.stop();
    this.phone = null;
    store({ account: { server: this.account?.server, user: this.account?.user } });
    this.showLogIn({ ...this.account, password: "" });
  }

  /** Calls a number. */
  async dial(number) {
    const wanted = number.trim();
    if (!wanted || !this.phone) return;
    for (const call of this.phone.activeCalls) if (call.state === "active" && !call.isHeld) await call.hold(true).catch(() => {});
    const call = await this.phone.call(wanted, { audio: this.microphone });
    store({ last: wanted });
    this.take(call);
    return call;
  }

  get microphone() { return this.devices.microphone ? { deviceId: { ideal: this.devices.microphone } } : true; }

  // The account

  showLogIn({ server = usualServer(), user = "", password = "" } = {}, problem = "") {
    const fields = {
      server: h("input", { value: server, type: "url", required: true, spellcheck: false, id: "server" }),
      user: h("input", { value: user, required: true, autocomplete: "username", id: "user" }),
      password: h("input", { value: password, type: "password", required: true, autocomplete: "current-password", id: "password" }),
    };
    const keep = h("input", { type: "checkbox", id: "keep", checked: Boolean(load().account?.password) });
    const submit = (event) => {
      event.preventDefault();
      const account = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.value.trim()]));
      store({ account: { server: account.server, user: account.user, password: keep.checked ? account.password : undefined } });
      this.logIn(account);
    };
    this.view.replaceChildren(h("form", { class: "login", onsubmit: submit },
      h("h2", {}, "Log in"),
      problem ? h("p", { class: "problem", role: "alert" }, problem) : null,
      !navigator.mediaDevices ? h("p", { class: "problem", role: "alert" }, "Browsers give the microphone only to pages that come over HTTPS, or from this machine.") : null,
      h("label", { htmlFor: "user" }, "Extension"), fields.user, h("label", { htmlFor: "password" }, "Password"), fields.password,
      h("details", {}, h("summary", {}, "Server"), h("label", { htmlFor: "server" }, "Address of the WebSocket"), fields.server),
      h("label", { class: "check" }, keep, "Stay logged in on this device"),
      h("button", { class: "primary" }, "Log in")));
    (user ? fields.password : fields.user).focus({ preventScroll: true });
  }

  // The phone

  showPhone() {
    this.status = h("div", { class: "status" });
    this.list = h("div", { class: "calls" });
    this.number = h("input", {
      oninput: () => this.showCalls(),
      class: "number", placeholder: "Number", "aria-label": "Number to call", autocomplete: "off", inputMode: "tel", spellcheck: false,
      onkeydown: (event) => { if (event.key === "Enter") this.callTyped(); },
    });
    const keys = [..."123456789*0#"].map((digit) => h("button", { type: "button", onclick: () => this.press(digit) }, digit));
    this.pad = h("div", { class: "pad", role: "group", "aria-label": "Dial pad" }, keys);
    const back = h("button", { type: "button", class: "quiet", "aria-label": "Delete the last digit", onclick: () => { this.number.value = this.number.value.slice(0, -1); } }, "⌫");
    this.hint = h("p", { class: "soft hint" });
    this.callButton = h("button", { type: "button", class: "primary call", onclick: () => this.callTyped() }, "Call");
    this.dialler = h("div", { class: "dialler" }, h("div", { class: "entry" }, this.number, back), this.pad, this.hint, this.callButton);
    this.settings = h("div", { class: "settings", hidden: true });
    this.view.replaceChildren(this.status, this.list, this.dialler, this.settings);
    this.showStatus();
    this.showCalls();
  }

  showStatus() {
    if (!this.phone || !this.status?.isConnected) return;
    const texts = { registered: "Ready", connecting: "Connecting …", offline: "Not connected", refused: "Refused" };
    const { state, problem } = this.phone;
    this.status.replaceChildren(
      h("span", { class: `dot ${state}` }), h("span", { class: "own" }, this.account.user),
      h("span", { class: "soft", role: "status" }, problem && state !== "registered" ? problem : texts[state]),
      h("button", { type: "button", class: "quiet", "aria-expanded": String(!this.settings.hidden), onclick: () => this.showSettings() }, "Settings"));
  }

  press(digit) {
    this.tones.key(digit);
    const call = this.current;
    if (this.sendsDigits) return call.sendDigits(digit);
    this.number.value += digit;
  }

  callTyped() {
    const number = this.number.value.replace(numberPattern, "");
    if (!number) {
      // With a call under way, the keys are for another number from now on; else the last number comes back.
      if (this.current) this.isDialling = true; else this.number.value = load().last ?? "";
      this.showCalls();
      return this.number.focus();
    }
    this.number.value = "";
    this.isDialling = false;
    this.dial(number);
  }

  /** Whether the keys are for the call that is spoken in, rather than for a number to call. */
  get sendsDigits() { return this.current?.state === "active" && !this.current.isHeld && !this.isDialling && !this.number.value; }

  /** The call that is spoken in, or else the newest. */
  get current() {
    const calls = this.phone?.activeCalls ?? [];
    return calls.find((call) => call.state === "active" && !call.isHeld) ?? calls.at(-1);
  }

  take(call) {
    this.dispatchEvent(new CustomEvent("call", { detail: call }));
    call.addEventListener("state", () => this.showCalls());
    call.addEventListener("end", () => this.ended(call));
    call.addEventListener("transfer", ({ detail }) => { if (detail.status >= 300) this.tell(call, `The transfer failed (${detail.status}).`); });
    this.showCalls();
  }

  ended(call) {
    if (call.reason && !call.isIncoming) this.tones.play("busy");
    if (call.reason) this.note = `${call.name || call.number}: ${call.reason}`;
    clearTimeout(this.noteTimer);
    this.noteTimer = setTimeout(() => { this.note = ""; this.showCalls(); }, 6_000);
    this.showCalls();
  }

  tell(call, text) {
    call.note = text;
    this.showCalls();
  }

  showCalls() {
    if (!this.phone || !this.list?.isConnected) return;
    const calls = this.phone.activeCalls;
    const focused = this.shadowRoot.activeElement?.dataset?.act;
    this.list.replaceChildren(...calls.map((call) => this.card(call)), ...(this.note ? [h("p", { class: "problem", role: "status" }, this.note)] : []));
    if (focused) this.list.querySelector(`[data-act="${focused}"]`)?.focus({ preventScroll: true });
    const ringing = calls.find((call) => call.isIncoming && call.state === "ringing");
    const isSpeaking = calls.some((call) => call.state === "active");
    if (ringing && !isSpeaking) this.tones.play("ring");
    else if (calls.some((call) => !call.isIncoming && call.state === "ringing")) this.tones.play("ringback");
    else if (this.tones.name !== "busy" || calls.length) this.tones.play(null);
    const heard = this.current;
    if (heard && this.player.srcObject !== heard.remoteStream) this.player.srcObject = heard.remoteStream;
    if (!heard) this.player.srcObject = null;
    if (!calls.length) this.isDialling = false;
    this.callButton.textContent = calls.length && !this.isDialling ? "Call another" : "Call";
    this.hint.textContent = this.sendsDigits ? "The keys send digits to the other side." : "";
  }

  card(call) {
    const act = (label, name, action, more = "") => h("button", {
      type: "button", class: more, "data-act": `${call.id}-${name}`,
      onclick: async () => { try { await action(); } catch (error) { this.tell(call, error.message); } this.showCalls(); } }, label);
    const isRinging = call.isIncoming && call.state === "ringing";
    const others = this.phone.activeCalls.filter((other) => other !== call && other.state === "active");
    const buttons = isRinging
      ? [act("Answer", "answer", () => this.answer(call), "primary"), act("Decline", "decline", () => call.hangUp(), "danger")]
      : [
          call.state === "active" && act(call.isMuted ? "Unmute" : "Mute", "mute", () => call.mute(), call.isMuted ? "on" : ""),
          call.state === "active" && act(call.isHeld ? "Resume" : "Hold", "hold", () => this.hold(call), call.isHeld ? "on" : ""),
          call.state === "active" && act("Transfer", "transfer", () => { call.isTransferring = !call.isTransferring; }, call.isTransferring ? "on" : ""),
          act("Hang up", "end", () => call.hangUp(), "danger"),
        ];
    const texts = { calling: "Calling …", ringing: call.isIncoming ? "is calling" : "Ringing …", early: "Calling …", active: call.isHeld ? "On hold" : duration(Date.now() - (call.startedAt ?? Date.now())) };
    return h("section", { class: `card ${call.state}`, "aria-label": `Call with ${call.name || call.number}` },
      h("div", { class: "who" }, h("strong", {}, call.name || call.number), call.name && call.name !== call.number ? h("span", { class: "soft" }, call.number) : null,
        h("span", { class: "soft state", "data-timer": call.id }, texts[call.state] ?? "")),
      call.state === "active" && !call.isHeld ? h("div", { class: "levels", "data-levels": call.id }, meter("You"), meter("Other side"), h("span", { class: "soft quality" })) : null,
      h("div", { class: "acts" }, buttons),
      call.isTransferring ? this.transferForm(call, others) : null,
      call.note ? h("p", { class: "problem", role: "alert" }, call.note) : null);
  }

  transferForm(call, others) {
    const number = h("input", { "aria-label": "Transfer to", placeholder: "Transfer to", inputMode: "tel", autocomplete: "off" });
    const submit = async (event) => {
      event.preventDefault();
      if (!number.value.trim()) return number.focus();
      try { await call.transfer(number.value.trim()); call.isTransferring = false; this.tell(call, "Transferring …"); } catch (error) { this.tell(call, error.message); }
    };
    const join = others.map((other) => h("button", { type: "button", onclick: async () => {
      try { await call.transferTo(other); this.tell(call, "Connecting both …"); } catch (error) { this.tell(call, error.message); }
    } }, `Connect with ${other.name || other.number}`));
    queueMicrotask(() => number.focus({ preventScroll: true }));
    return h("form", { class: "transfer", onsubmit: submit }, number, h("button", {}, "Transfer"), join,
      h("p", { class: "soft" }, others.length ? "Connects both at once, or after you have spoken with them." : "To ask first: call the other number, then connect both here."));
  }

  async answer(call) {
    for (const other of this.phone.activeCalls) if (other !== call && other.state === "active" && !other.isHeld) await other.hold(true).catch(() => {});
    await call.answer({ audio: this.microphone });
  }

  async hold(call) {
    if (call.isHeld) for (const other of this.phone.activeCalls) if (other !== call && other.state === "active" && !other.isHeld) await other.hold(true).catch(() => {});
    await call.hold();
  }

  // Once a second, and five times

  tick() {
    for (const call of this.phone?.activeCalls ?? []) {
      const place = this.list?.querySelector(`[data-timer="${CSS.escape(call.id)}"]`);
      if (place && call.startedAt && !call.isHeld) place.textContent = duration(Date.now() - call.startedAt);
    }
  }

  async measure() {
    const call = this.current;
    const place = call?.state === "active" && this.list?.querySelector(`[data-levels="${CSS.escape(call.id)}"]`);
    if (!place) return;
    const isLong = Date.now() - (this.measuredAt ?? 0) > 2_000;
    const quality = await call.quality();
    const [own, other] = place.querySelectorAll("meter");
    if (own) [own.value, other.value] = [call.isMuted ? 0 : loudness(quality.out), loudness(quality.in)];
    if (!isLong) return;
    this.measuredAt = Date.now();
    const grade = quality.lossPercent > 8 || quality.roundTripMs > 400 ? "Poor" : quality.lossPercent > 2 || quality.roundTripMs > 200 || quality.jitterMs > 40 ? "Fair" : "Good";
    place.querySelector(".quality").textContent = `${grade} · ${quality.codec} · ${quality.lossPercent.toFixed(0)} % lost · ${Math.round(quality.roundTripMs)} ms`;
  }

  // Devices

  async showSettings() {
    this.settings.hidden = !this.settings.hidden;
    this.showStatus();
    if (this.settings.hidden) return;
    // Names are told only to pages that may listen.
    await navigator.mediaDevices?.getUserMedia({ audio: true }).then((stream) => stream.getTracks().forEach((track) => track.stop())).catch(() => {});
    const devices = await navigator.mediaDevices?.enumerateDevices().catch(() => []) ?? [];
    const choice = (label, name, kind, apply) => {
      const list = devices.filter((device) => device.kind === kind && device.deviceId);
      const select = h("select", { id: name, onchange: () => { this.devices[name] = select.value; store({ devices: this.devices }); apply(select.value); } },
        list.length ? list.map((device, index) => h("option", { value: device.deviceId, selected: device.deviceId === this.devices[name] }, device.label || `${label} ${index + 1}`)) : h("option", { value: "" }, "The system's"));
      return [h("label", { htmlFor: name }, label), select];
    };
    this.settings.replaceChildren(...[
      choice("Microphone", "microphone", "audioinput", (id) => this.useMicrophone(id)),
      "setSinkId" in this.player ? choice("Speaker", "speaker", "audiooutput", (id) => this.player.setSinkId(id).catch(() => {})) : [],
      "setSinkId" in this.player ? choice("Ringing", "ringer", "audiooutput", (id) => this.tones.useDevice(id)) : [],
      h("div", { class: "acts" },
        h("button", { type: "button", onclick: () => this.tones.sound([660, 880], 600, 0.12) }, "Test the sound"),
        h("button", { type: "button", class: "danger", onclick: () => this.logOut() }, "Log out")),
    ].flat());
  }

  async useMicrophone(id) {
    for (const call of this.phone?.activeCalls ?? []) {
      if (call.peer) await navigator.mediaDevices.getUserMedia({ audio: { deviceId: { exact: id } } }).then((stream) => call.replaceAudio(stream)).catch((error) => this.tell(call, error.message));
    }
  }
}

const meter = (label) => h("label", { class: "level" }, h("span", { class: "soft" }, label), h("meter", { min: 0, max: 1, value: 0 }));

/** A level of 0 to 1 as one hears it: −50 dB and less is nothing. */
const loudness = (level) => Math.max(0, Math.min(1, 1 + 20 * Math.log10(Math.max(level, 1e-4)) / 50));

const duration = (ms) => {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};

function servers(text) {
  try { return JSON.parse(text ?? "[]") ?? []; } catch { return []; }
}

/** The WebSocket of the server that this module comes from. */
function usualServer() {
  const own = new URL(import.meta.url);
  return /^https?:$/.test(own.protocol) ? `${own.protocol === "https:" ? "wss" : "ws"}://${own.host}/ws` : "";
}

function load() {
  try { return JSON.parse(localStorage.getItem(storageName)) ?? {}; } catch { return {}; }
}

function store(change) {
  try { localStorage.setItem(storageName, JSON.stringify({ ...load(), ...change })); } catch { /* A page without storage forgets. */ }
}

/** A UUID that stays the same for this device and extension, so that it is known again after a reload (RFC 5626 section 4.1). */
function instance(user) {
  const instances = load().instances ?? {};
  instances[user] ??= crypto.randomUUID?.() ?? "00000000-0000-4000-8000-" + Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  store({ instances });
  return instances[user];
}

customElements.define("arioso-phone", AriosoPhone);
