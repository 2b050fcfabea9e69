// SIP messages (RFC 3261) as text, and the answer to digest challenges (RFC 8760).
import { md5 } from "./md5.js";

const compact = { v: "via", f: "from", t: "to", i: "call-id", m: "contact", l: "content-length", c: "content-type", r: "refer-to", k: "supported" };

/** Gives a random text for tags, branches and ids. */
export function token(length = 12) {
  const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  return Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) => letters[byte % letters.length]).join("");
}

/** A message that came in. Header names are compared without case, compact forms are known. */
export class Message {
  constructor(text) {
    const end = text.indexOf("\r\n\r\n");
    const [start, ...lines] = (end < 0 ? text : text.slice(0, end)).replace(/\r\n[ \t]+/g, " ").split("\r\n");
    this.body = end < 0 ? "" : text.slice(end + 4);
    this.headers = lines.map((line) => {
      const colon = line.indexOf(":");
      const name = line.slice(0, colon).trim().toLowerCase();
      return [compact[name] ?? name, line.slice(colon + 1).trim()];
    });
    const response = /^SIP\/2\.0 (\d{3}) ?(.*)$/.exec(start);
    this.status = response ? Number(response[1]) : null;
    this.reason = response?.[2] ?? "";
    [this.method, this.uri] = response ? [(this.get("cseq").split(/\s+/)[1] ?? ""), ""] : start.split(" ");
  }

  all(name) { return this.headers.filter(([own]) => own === name).map(([, value]) => value); }
  get(name) { return this.all(name)[0] ?? ""; }
  get branch() { return parameter(this.get("via"), "branch"); }
  get cseq() { return Number.parseInt(this.get("cseq"), 10); }
}

/** Gives a parameter behind a header value, without quotes; an empty text when there is none. */
export function parameter(value, name) {
  const behind = value.includes(">") ? value.slice(value.lastIndexOf(">") + 1) : value;
  return new RegExp(`;\\s*${name.replace(/[.+]/g, "\\$&")}\\s*=\\s*("[^"]*"|[^;,\\s]*)`, "i").exec(behind)?.[1].replace(/^"|"$/g, "") ?? "";
}

/** Reads `"Name" <sip:user@host>;tag=…`. */
export function address(value) {
  const inside = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^<]*?))\s*<([^>]*)>/.exec(value);
  const uri = inside ? inside[3] : value.split(";")[0].trim();
  const user = /^sips?:(?:([^@;?]*)@)?/i.exec(uri)?.[1] ?? "";
  return { name: (inside?.[1] ?? inside?.[2] ?? "").replace(/\\(.)/g, "$1"), uri, user: safeDecode(user), tag: parameter(value, "tag") };
}

function safeDecode(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}

/** Puts a message together; `headers` are pairs of names and values. */
export function write(start, headers, body = "") {
  const length = new TextEncoder().encode(body).length;
  const lines = [...headers, ["Content-Length", length]].map(([name, value]) => `${name}: ${String(value).replace(/[\r\n]+/g, " ")}`);
  return [start, ...lines, "", body].join("\r\n");
}

/** Answers the challenge of a 401 or 407; gives the header as a pair, or null when the challenge is of a kind that is not known. */
export function credentials(response, { method, uri, user, password }) {
  const isProxy = response.status === 407;
  for (const challenge of response.all(isProxy ? "proxy-authenticate" : "www-authenticate")) {
    const fields = Object.fromEntries(
      [...challenge.matchAll(/([a-z]+)\s*=\s*(?:"([^"]*)"|([^\s,]+))/gi)].map(([, name, quoted, plain]) => [name.toLowerCase(), quoted ?? plain]));
    if (!/^digest\s/i.test(challenge) || (fields.algorithm ?? "MD5").toUpperCase() !== "MD5") continue;
    const [nc, cnonce] = ["00000001", token()];
    const [first, second] = [md5(`${user}:${fields.realm}:${password}`), md5(`${method}:${uri}`)];
    const usesQop = (fields.qop ?? "").split(/\s*,\s*/).includes("auth");
    const answer = md5(usesQop ? `${first}:${fields.nonce}:${nc}:${cnonce}:auth:${second}` : `${first}:${fields.nonce}:${second}`);
    const parts = [
      `username="${user}"`, `realm="${fields.realm}"`, `nonce="${fields.nonce}"`, `uri="${uri}"`, `response="${answer}"`, "algorithm=MD5",
      ...(usesQop ? ["qop=auth", `nc=${nc}`, `cnonce="${cnonce}"`] : []), ...(fields.opaque ? [`opaque="${fields.opaque}"`] : []),
    ];
    return [isProxy ? "Proxy-Authorization" : "Authorization", `Digest ${parts.join(", ")}`];
  }
  return null;
}
