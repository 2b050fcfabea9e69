// A telephone for web pages: registers over a WebSocket (RFC 7118), makes and takes calls with WebRTC.
//
//   const phone = new Phone({ server: "wss://pbx.example:8089/ws", user: "6001", password: "…" });
//   phone.addEventListener("call", ({ detail: call }) => call.answer());
//   phone.start();
//   const call = await phone.call("1000");
//   call.addEventListener("state", () => console.log(call.state));
import { Message, address, credentials, token, write } from "./sip.js";
import { Call } from "./call.js";

const keepAliveMs = 25_000, answerMs = 32_000, mostWaitMs = 30_000;

/**
 * One account. Events: `state` when `state` changes, `call` with a `Call` that comes in as `detail`.
 *
 * `state` is `offline`, `connecting`, `registered` or `refused`; `problem` says why it is not registered.
 */
export class Phone extends EventTarget {
  /**
   * @param options `server`: address of the WebSocket; `user`, `password`: those of the extension; `name`: shown to whom is called;
   *   `domain`: of the SIP addresses, else the server's host; `iceServers`: STUN and TURN servers, as RTCPeerConnection takes them;
   *   `expires`: seconds of a registration; `instance`: a UUID that stays the same for this device.
   */
  constructor({ server, user, password, name = "", domain, iceServers = [], expires = 300, instance = crypto.randomUUID?.() ?? token(32) }) {
    super();
    Object.assign(this, { server, user, password, name, iceServers, expires, instance });
    this.hasOwnServers = iceServers.length > 0;
    const url = new URL(server);
    this.domain = domain ?? url.hostname;
    this.isSecure = url.protocol === "wss:";
    this.host = `${token()}.invalid`;
    this.contactUser = token(8);
    this.registration = { id: token(20), tag: token() };
    this.cseq = Math.floor(Math.random() * 1000);
    this.calls = new Map();
    this.waiting = new Map();
    this.state = "offline";
    this.problem = "";
    this.attempts = 0;
    this.hangUpAll = () => { for (const call of this.activeCalls) call.hangUp(); };
  }

  /** The calls that are not over. */
  get activeCalls() { return [...this.calls.values()].filter((call) => call.state !== "over"); }

  get contact() { return `<sip:${this.contactUser}@${this.host};transport=ws>`; }

  /** Connects and registers, and does so again whenever the connection breaks, until `stop`. */
  start() {
    this.isWanted = true;
    // A page that is left hangs up; the server would notice by itself only after half a minute.
    addEventListener("pagehide", this.hangUpAll);
    this.connect();
  }

  /** Ends all calls, unregisters and disconnects. */
  async stop() {
    this.isWanted = false;
    clearTimeout(this.retry);
    removeEventListener("pagehide", this.hangUpAll);
    this.hangUpAll();
    if (this.state === "registered") await this.register(0).catch(() => {});
    this.socket?.close();
    this.lost("");
  }

  /** Calls a number or a SIP address; the call is under way when this gives it. */
  async call(number, options = {}) {
    const call = new Call(this, { isIncoming: false, number });
    this.calls.set(call.id, call);
    call.begin(options);
    return call;
  }

  // The connection

  connect() {
    if (this.socket) return;
    this.set("connecting");
    const socket = new WebSocket(this.server, "sip");
    this.socket = socket;
    socket.onopen = () => this.opened();
    socket.onmessage = async ({ data }) => {
      const text = typeof data === "string" ? data : await new Response(data).text();
      this.isAlive = true;
      if (text.trim()) this.received(new Message(text));
    };
    socket.onclose = () => { if (this.socket === socket) this.lost("The connection to the server is lost."); };
  }

  async opened() {
    this.isAlive = true;
    this.keepAlive = setInterval(() => this.beat(), keepAliveMs);
    try {
      await this.register(this.expires);
      this.attempts = 0;
      for (const call of this.activeCalls) call.reconnected();
    } catch (error) {
      this.problem = error.message;
      if (error.isRefusal) {
        this.isWanted = false;
        this.set("refused");
      }
      this.socket?.close();
    }
  }

  /** Sends a keep-alive (RFC 5626 section 4.4.1); a connection that was silent since the last one is given up. */
  beat() {
    if (!this.isAlive) return this.socket?.close();
    this.isAlive = false;
    this.send("\r\n\r\n");
  }

  lost(problem) {
    this.socket = null;
    clearInterval(this.keepAlive);
    clearTimeout(this.refresh);
    for (const { fail } of [...this.waiting.values()]) fail(new Error("The connection was lost."));
    if (this.state === "refused") return;
    this.problem ||= problem;
    this.set(this.isWanted ? "connecting" : "offline");
    if (!this.isWanted) return;
    const waitMs = Math.min(mostWaitMs, 1_000 * 2 ** this.attempts++) * (0.5 + Math.random() / 2);
    this.retry = setTimeout(() => this.connect(), waitMs);
  }

  set(state) {
    if (state === "registered" || state === "offline") this.problem = "";
    if (this.state === state) return;
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }

  send(text) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(text);
  }

  /** Gives the SIP address of a number; an address stays as it is. */
  addressOf(number) {
    return /^sips?:/.test(number) ? number : `sip:${encodeURIComponent(number).replace(/%2B/g, "+")}@${this.domain}`;
  }

  // Registration

  async register(expires) {
    const own = `<sip:${this.user}@${this.domain}>`;
    const response = await this.ask("REGISTER", `sip:${this.domain}`, [
      ["From", `${own};tag=${this.registration.tag}`], ["To", own], ["Call-ID", this.registration.id],
      ["Contact", `${this.contact};+sip.instance="<urn:uuid:${this.instance}>";reg-id=1;expires=${expires}`],
      ["Supported", "path, outbound, gruu"],
    ]);
    if (response.status >= 300) {
      const error = new Error(response.status === 401 || response.status === 403
        ? "The server does not accept this extension and password." : `The server refuses: ${response.status} ${response.reason}`);
      error.isRefusal = [401, 403, 404].includes(response.status);
      throw error;
    }
    if (!expires) return this.set("offline");
    this.learnServers(response.get("arioso-ice-servers"));
    this.set("registered");
    clearTimeout(this.refresh);
    this.refresh = setTimeout(() => this.register(this.expires).catch(() => this.socket?.close()), expires * 800);
  }

  /** Takes the STUN and TURN servers that the server tells, where the page told none. */
  learnServers(text) {
    if (!text || this.hasOwnServers) return;
    try {
      this.iceServers = JSON.parse(text);
    } catch {
      // Then without.
    }
  }

  // Messages

  /** Sends a request and gives its final response; answers one challenge. */
  async ask(method, uri, headers, body = "", { onSent, onProvisional } = {}) {
    let proof = [];
    for (;;) {
      const cseq = ++this.cseq;
      const branch = `z9hG4bK${token()}`;
      onSent?.(branch, cseq);
      const response = await this.transact(method, uri, [...headers, ...proof], body, branch, cseq, onProvisional);
      const isChallenge = response.status === 401 || response.status === 407;
      if (method === "INVITE" && response.status >= 300) this.acknowledge(uri, response, branch, cseq);
      const answer = isChallenge && !proof.length ? credentials(response, { method, uri, user: this.user, password: this.password }) : null;
      if (!answer) {
        response.sentCSeq = cseq;
        return response;
      }
      proof = [answer];
    }
  }

  transact(method, uri, headers, body, branch, cseq, onProvisional) {
    return new Promise((resolve, reject) => {
      if (this.socket?.readyState !== WebSocket.OPEN) return reject(new Error("There is no connection to the server."));
      const done = (act) => (value) => {
        clearTimeout(timer);
        this.waiting.delete(branch + method);
        act(value);
      };
      const fail = done(reject);
      const giveUp = () => fail(new Error("The server does not answer."));
      let timer = setTimeout(giveUp, answerMs);
      this.waiting.set(branch + method, {
        fail,
        take: (response) => {
          if (response.status >= 200) return done(resolve)(response);
          clearTimeout(timer);
          onProvisional?.(response);
        },
      });
      this.request(method, uri, headers, body, branch, cseq);
    });
  }

  request(method, uri, headers, body, branch, cseq) {
    this.send(write(`${method} ${uri} SIP/2.0`, [
      ["Via", `SIP/2.0/${this.isSecure ? "WSS" : "WS"} ${this.host};branch=${branch}`], ["Max-Forwards", 70], ...headers,
      ["CSeq", `${cseq} ${method}`], ["User-Agent", "Arioso Softphone"],
    ], body));
  }

  /** Confirms that a call was refused (RFC 3261 section 17.1.1.3). */
  acknowledge(uri, response, branch, cseq) {
    this.request("ACK", uri, [["From", response.get("from")], ["To", response.get("to")], ["Call-ID", response.get("call-id")]], "", branch, cseq);
  }

  respond(request, status, reason, headers = [], body = "", tag = "") {
    const to = request.get("to");
    this.send(write(`SIP/2.0 ${status} ${reason}`, [
      ...request.all("via").map((via) => ["Via", via]), ...request.all("record-route").map((route) => ["Record-Route", route]),
      ["From", request.get("from")], ["To", tag && !address(to).tag ? `${to};tag=${tag}` : to], ["Call-ID", request.get("call-id")],
      ["CSeq", request.get("cseq")], ...headers,
    ], body));
  }

  received(message) {
    if (message.status) return this.waiting.get(message.branch + message.method)?.take(message);
    const call = this.calls.get(message.get("call-id"));
    if (call) return call.received(message);
    switch (message.method) {
      case "INVITE": return this.invited(message);
      case "OPTIONS": return this.respond(message, 200, "OK", [["Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, NOTIFY"], ["Accept", "application/sdp"]], "", token());
      case "ACK": return;
      case "NOTIFY": case "MESSAGE": return this.respond(message, 200, "OK", [], "", token());
      default: return this.respond(message, 481, "Call Does Not Exist", [], "", token());
    }
  }

  invited(message) {
    const call = new Call(this, { isIncoming: true, invite: message });
    this.calls.set(call.id, call);
    call.ring();
    this.dispatchEvent(new CustomEvent("call", { detail: call }));
  }

  /** Forgets a call that is over. */
  forget(call) { this.calls.delete(call.id); }
}
