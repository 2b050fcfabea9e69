// One call of a phone: the dialog with the server, and the audio between both.
import { address, parameter, token } from "./sip.js";

const allow = ["Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, NOTIFY"];
const gatheringMs = 1_000;

/**
 * Events: `state` when `state` or `isHeld` changes, `end` when it is over, `transfer` with how a transfer goes as `detail`.
 *
 * `state` is `calling`, `ringing`, `early` (the far end plays something before it answers), `active` or `over`.
 * `remoteStream` is what is heard, `localStream` what is said; play the first in an audio element.
 */
export class Call extends EventTarget {
  constructor(phone, { isIncoming, number, invite }) {
    super();
    this.phone = phone;
    this.isIncoming = isIncoming;
    this.invite = invite;
    this.id = invite?.get("call-id") ?? token(24);
    this.tag = token();
    this.state = isIncoming ? "ringing" : "calling";
    this.isHeld = this.isMuted = false;
    this.reason = "";
    this.remoteStream = new MediaStream();
    if (isIncoming) {
      const caller = address(invite.get("from"));
      [this.number, this.name] = [caller.user, caller.name];
      [this.local, this.remote] = [`${invite.get("to")};tag=${this.tag}`, invite.get("from")];
      this.routes = invite.all("record-route");
      this.target = address(invite.get("contact")).uri;
    } else {
      [this.number, this.name] = [number, ""];
      this.uri = phone.addressOf(number);
      const own = phone.name ? `"${phone.name.replace(/["\\]/g, "\\$&")}" ` : "";
      [this.local, this.remote] = [`${own}<sip:${phone.user}@${phone.domain}>;tag=${this.tag}`, `<${this.uri}>`];
      this.routes = [];
      this.target = this.uri;
    }
  }

  // Commands

  /** Calls; `audio` are the constraints for the microphone, or `stream` is what is said. */
  async begin({ audio = true, stream } = {}) {
    try {
      await this.openAudio({ audio, stream });
      if (this.state === "over") return;
      const offer = await this.describe(await this.peer.createOffer());
      const response = await this.phone.ask("INVITE", this.uri, [...this.dialog(), ["Content-Type", "application/sdp"], allow], offer, {
        onSent: (branch, cseq) => { this.sent = { branch, cseq }; },
        onProvisional: (provisional) => this.progressed(provisional),
      });
      await this.answered(response);
    } catch (error) {
      this.over(reasonOfFailure(error));
    }
  }

  /** Tells the caller that it rings here. */
  ring() { this.phone.respond(this.invite, 180, "Ringing", [["Contact", this.phone.contact]], "", this.tag); }

  /** Takes a call that came in; options as for `begin`. */
  async answer(options = {}) {
    if (!this.isIncoming || this.state !== "ringing" || this.isAnswering) return;
    this.isAnswering = true;
    try {
      await this.openAudio(options);
      const offer = this.invite.body;
      if (offer) await this.peer.setRemoteDescription({ type: "offer", sdp: offer });
      const description = await this.describe(offer ? await this.peer.createAnswer() : await this.peer.createOffer());
      if (this.state === "over") return;
      this.phone.respond(this.invite, 200, "OK", [["Contact", this.phone.contact], ["Content-Type", "application/sdp"], allow], description, this.tag);
      this.set("active");
    } catch (error) {
      this.phone.respond(this.invite, 480, "Temporarily Unavailable", [], "", this.tag);
      this.over(reasonOfFailure(error));
    }
  }

  /** Ends the call, refuses it, or gives up calling, whatever fits. */
  hangUp() {
    if (this.state === "over") return;
    if (this.isIncoming && this.state === "ringing") this.phone.respond(this.invite, 486, "Busy Here", [], "", this.tag);
    else if (this.state === "active") this.ask("BYE").catch(() => {});
    else if (this.wasHeard) this.cancel();
    else this.isGivenUp = true;
    this.over("");
  }

  /** Says nothing, or goes on speaking; the far end does not learn of it. */
  mute(isMuted = !this.isMuted) {
    this.isMuted = isMuted;
    for (const track of this.localStream?.getAudioTracks() ?? []) track.enabled = !isMuted;
    this.dispatchEvent(new Event("state"));
  }

  /** Puts the far end on hold, which hears music meanwhile, or takes it back. */
  async hold(isHeld = !this.isHeld) {
    if (this.state !== "active" || isHeld === this.isHeld) return;
    for (const transceiver of this.peer.getTransceivers()) transceiver.direction = isHeld ? "sendonly" : "sendrecv";
    await this.renew();
    this.isHeld = isHeld;
    this.dispatchEvent(new Event("state"));
  }

  /** Sends digits: 0-9, *, #, A-D; a comma is a pause. */
  sendDigits(digits) {
    const sender = this.peer?.getSenders().find((sender) => sender.dtmf?.canInsertDTMF);
    if (sender) return sender.dtmf.insertDTMF((sender.dtmf.toneBuffer ?? "") + digits, 160, 70);
    for (const digit of digits) this.ask("INFO", [["Content-Type", "application/dtmf-relay"]], `Signal=${digit}\r\nDuration=160\r\n`).catch(() => {});
  }

  /** Sends the far end to another number (RFC 3515); this call ends when that has worked. */
  transfer(number) {
    return this.refer(`<${this.phone.addressOf(number)}>`);
  }

  /** Connects the far end with that of another call of this phone (RFC 3891); both calls end here when that has worked. */
  transferTo(other) {
    const [theirs, own] = [address(other.remote).tag, address(other.local).tag];
    const replaces = encodeURIComponent(`${other.id};to-tag=${theirs};from-tag=${own}`);
    return this.refer(`<${address(other.remote).uri}?Replaces=${replaces}>`);
  }

  /** Finds a new way for the audio, such as after a change of networks. */
  async restartICE() {
    if (this.state !== "active" || this.isRestarting) return;
    this.isRestarting = true;
    try {
      this.peer.restartIce();
      await this.renew();
    } catch {
      // Tried again with the next change of the connection.
    } finally {
      this.isRestarting = false;
    }
  }

  /**
   * Gives how the call is: `codec`, `lossPercent` and `jitterMs` of what is heard, `roundTripMs`, `level` of both (`in`, `out`, 0 to 1).
   */
  async quality() {
    const result = { codec: "", lossPercent: 0, jitterMs: 0, roundTripMs: 0, in: 0, out: 0 };
    const stats = await this.peer?.getStats();
    stats?.forEach((entry) => {
      if (entry.type === "inbound-rtp" && entry.kind === "audio") {
        const [lost, received] = [entry.packetsLost - (this.former?.lost ?? 0), entry.packetsReceived - (this.former?.received ?? 0)];
        this.former = { lost: entry.packetsLost, received: entry.packetsReceived };
        result.lossPercent = lost + received > 0 ? Math.max(0, 100 * lost / (lost + received)) : 0;
        [result.jitterMs, result.in] = [entry.jitter * 1000, entry.audioLevel ?? 0];
        result.codec = stats.get(entry.codecId)?.mimeType.replace("audio/", "") ?? "";
      }
      if (entry.type === "media-source" && entry.kind === "audio") result.out = entry.audioLevel ?? 0;
      if (entry.type === "remote-inbound-rtp" && entry.roundTripTime) result.roundTripMs = entry.roundTripTime * 1000;
    });
    return result;
  }

  // Audio

  async openAudio({ audio = true, stream }) {
    this.ownsStream = !stream;
    this.localStream = stream ?? await navigator.mediaDevices.getUserMedia({ audio });
    this.peer = new RTCPeerConnection({ iceServers: this.phone.iceServers, bundlePolicy: "max-bundle", rtcpMuxPolicy: "require" });
    this.peer.ontrack = ({ track }) => this.remoteStream.addTrack(track);
    this.peer.oniceconnectionstatechange = () => this.wayChanged();
    for (const track of this.localStream.getAudioTracks()) this.peer.addTrack(track, this.localStream);
    if (this.isMuted) this.mute(true);
  }

  /** Says something else from now on, such as another microphone. */
  async replaceAudio(stream) {
    await this.peer?.getSenders()[0]?.replaceTrack(stream.getAudioTracks()[0]);
    if (this.ownsStream) for (const track of this.localStream.getTracks()) track.stop();
    this.localStream = stream;
    if (this.isMuted) this.mute(true);
  }

  /** Uses a description of ours, and gives it with the addresses that were found within a second. */
  async describe(description) {
    await this.peer.setLocalDescription(description);
    if (this.peer.iceGatheringState !== "complete") {
      await new Promise((resolve) => {
        setTimeout(resolve, gatheringMs);
        this.peer.addEventListener("icegatheringstatechange", () => { if (this.peer.iceGatheringState === "complete") resolve(); });
      });
    }
    return this.peer.localDescription.sdp;
  }

  wayChanged() {
    clearTimeout(this.restartTimer);
    const state = this.peer?.iceConnectionState;
    if (state === "failed") this.restartICE();
    if (state === "disconnected") this.restartTimer = setTimeout(() => this.restartICE(), 2_000);
  }

  /** The phone has a connection again, perhaps from another network. */
  reconnected() {
    if (this.state === "active" && this.peer?.iceConnectionState !== "connected" && this.peer?.iceConnectionState !== "completed") this.restartICE();
  }

  /** Offers anew in the dialog. */
  async renew() {
    const offer = await this.describe(await this.peer.createOffer());
    const response = await this.ask("INVITE", [["Content-Type", "application/sdp"], ["Contact", this.phone.contact]], offer);
    if (response.status >= 300) {
      await this.peer.setLocalDescription({ type: "rollback" }).catch(() => {});
      throw new Error(`The server refuses: ${response.status} ${response.reason}`);
    }
    this.confirm(response);
    await this.peer.setRemoteDescription({ type: "answer", sdp: response.body });
  }

  // The dialog

  dialog() {
    return [
      ["From", this.local], ["To", this.remote], ["Call-ID", this.id], ...this.routes.map((route) => ["Route", route]),
      ["Contact", this.phone.contact],
    ];
  }

  /** Sends a request in the dialog. */
  ask(method, headers = [], body = "") {
    const own = this.dialog().filter(([name]) => !headers.some(([other]) => other === name));
    return this.phone.ask(method, this.target, [...own, ...headers], body);
  }

  confirm(response) {
    this.phone.request("ACK", this.target, this.dialog(), "", `z9hG4bK${token()}`, response.sentCSeq);
  }

  async progressed(response) {
    this.wasHeard = true;
    if (this.isGivenUp || this.state === "over") return this.cancel();
    if (response.body && !this.hasEarlyAnswer) {
      this.hasEarlyAnswer = true;
      await this.peer.setRemoteDescription({ type: "pranswer", sdp: response.body }).catch(() => {});
      return this.set("early");
    }
    if (response.status === 180 && this.state === "calling") this.set("ringing");
  }

  cancel() {
    if (this.isCancelled || !this.sent) return;
    this.isCancelled = true;
    const { branch, cseq } = this.sent;
    this.phone.request("CANCEL", this.uri, this.dialog().filter(([name]) => name !== "Contact"), "", branch, cseq);
  }

  async answered(response) {
    if (response.status >= 300) {
      if (this.state !== "over") this.over(response.status === 487 ? "" : reasonOf(response));
      return;
    }
    this.remote = response.get("to");
    this.routes = response.all("record-route").reverse();
    this.target = address(response.get("contact")).uri || this.target;
    this.confirm(response);
    if (this.state === "over") return this.ask("BYE").catch(() => {});
    await this.peer.setRemoteDescription({ type: "answer", sdp: response.body });
    this.set("active");
  }

  async refer(target) {
    const response = await this.ask("REFER", [["Refer-To", target], ["Referred-By", address(this.local).uri ? `<${address(this.local).uri}>` : ""]]);
    if (response.status >= 300) throw new Error(`The transfer is refused: ${response.status} ${response.reason}`);
  }

  /** Takes a request in the dialog. */
  received(message) {
    switch (message.method) {
      case "ACK":
        if (message.body && this.peer?.signalingState === "have-local-offer") this.peer.setRemoteDescription({ type: "answer", sdp: message.body }).catch(() => {});
        return;
      case "BYE":
        this.phone.respond(message, 200, "OK");
        return this.over(reasonOf(message));
      case "CANCEL":
        this.phone.respond(message, 200, "OK", [], "", this.tag);
        if (this.state !== "ringing") return;
        this.phone.respond(this.invite, 487, "Request Terminated", [], "", this.tag);
        return this.over(/cause=200/.test(message.get("reason")) ? "Answered elsewhere." : "");
      case "INVITE": case "UPDATE": return this.offered(message);
      case "NOTIFY": return this.notified(message);
      case "INFO": case "OPTIONS": case "MESSAGE": return this.phone.respond(message, 200, "OK");
      default: return this.phone.respond(message, 405, "Method Not Allowed", [allow]);
    }
  }

  async offered(message) {
    const headers = [["Contact", this.phone.contact], allow];
    if (!message.body && message.method === "UPDATE") return this.phone.respond(message, 200, "OK", headers);
    if (this.peer.signalingState !== "stable") return this.phone.respond(message, 491, "Request Pending");
    try {
      if (message.body) await this.peer.setRemoteDescription({ type: "offer", sdp: message.body });
      const answer = await this.describe(message.body ? await this.peer.createAnswer() : await this.peer.createOffer());
      this.phone.respond(message, 200, "OK", [...headers, ["Content-Type", "application/sdp"]], answer);
    } catch {
      this.phone.respond(message, 488, "Not Acceptable Here");
    }
  }

  notified(message) {
    this.phone.respond(message, 200, "OK");
    const status = Number(/^SIP\/2\.0 (\d+)/.exec(message.body)?.[1]);
    if (!status) return;
    this.dispatchEvent(new CustomEvent("transfer", { detail: { status, isDone: status >= 200 } }));
    if (status >= 200 && status < 300) this.hangUp();
  }

  // The end

  set(state) {
    if (this.state === "over" || this.state === state) return;
    this.state = state;
    if (state === "active") this.startedAt = Date.now();
    this.dispatchEvent(new Event("state"));
  }

  over(reason) {
    if (this.state === "over") return;
    this.set("over");
    this.reason = reason;
    clearTimeout(this.restartTimer);
    this.peer?.close();
    if (this.ownsStream) for (const track of this.localStream?.getTracks() ?? []) track.stop();
    // A call that is given up before it was heard of is still to be cancelled.
    if (this.wasHeard || this.isIncoming || !this.isGivenUp) setTimeout(() => this.phone.forget(this), 5_000);
    else setTimeout(() => this.phone.forget(this), 40_000);
    this.dispatchEvent(new Event("end"));
  }
}

const reasons = {
  404: "There is no such number.", 403: "This call is not allowed.", 480: "Nobody is there.", 486: "Busy.", 487: "", 488: "No common audio.",
  503: "The server has no room for this call.", 600: "Busy.", 603: "Declined.",
};

function reasonOfFailure(error) {
  return error.name === "NotAllowedError" ? "The browser may not use the microphone." : error.message;
}

function reasonOf(message) {
  if (message.status) return reasons[message.status] ?? `${message.status} ${message.reason}`;
  const text = parameter(message.get("reason"), "text");
  return text === "Normal Clearing" ? "" : text;
}
