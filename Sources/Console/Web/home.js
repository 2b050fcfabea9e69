// How the server is, and the way to the first call.
import { h, head, command, tag, time } from "./ui.js";
import { get } from "./api.js";

const pages = { ari: "settings/ari", http: "settings/certificate", extensions: "extensions", security: "settings/security", sip: "settings/sip" };
const pageOf = (path) => (path.startsWith("ari.users[") ? "ari-users" : pages[path.split(/[.[]/)[0]]);

export async function home() {
  const status = await get("/status");
  const { ari, certificate, phones } = status;
  const figure = (title, value, note) => h("section", { class: "card" }, h("div", { class: "soft small" }, title), h("div", { class: "figure" }, value), note ? h("div", { class: "small soft" }, note) : null);
  const content = [
    head("Home", h("span", { class: "soft" }, `Arioso ${status.version}`)),
    ari.enabled ? null : h("div", { class: "note warn" },
      h("p", {}, h("strong", {}, "ARI is off. "), "Programs can't connect until it is switched on."),
      h("p", {}, h("a", { class: "button", href: "#/settings/ari" }, "Use ARI Interface …"))),
    h("div", { class: "grid" },
      figure("ARI", ari.enabled ? "On" : "Off", ari.enabled ? [ari.httpPort && `http ${ari.httpPort}`, ari.httpsPort && `https ${ari.httpsPort}`].filter(Boolean).join(", ") : "switched off"),
      figure("Active channels", String(status.calls)),
      figure("Phones", `${phones.registered} / ${phones.total}`, "registered"),
      figure("Certificate", certificate.fingerprint ? (certificate.isSelfSigned ? "Self-signed" : "Own") : "None", certificate.endsMs ? `ends ${time(certificate.endsMs).split(",")[0]}` : "")),
    status.warnings.length ? h("section", { class: "card" }, h("h2", {}, "Worth a look"),
      h("ul", {}, status.warnings.map((warning) => {
        const page = pageOf(warning.path);
        return h("li", {}, page ? h("a", { href: `#/${page}` }, warning.path) : warning.path, ` ${warning.message}. ${warning.advice}`);
      }))) : null,
    checklist(status),
  ];
  return { content: content.filter(Boolean) };
}

function checklist(status) {
  const { ari } = status;
  const host = location.hostname;
  const user = ari.users[0] ?? "USER";
  const [web, socket, port] = ari.httpPort ? ["http", "ws", ari.httpPort] : ["https", "wss", ari.httpsPort];
  const base = `${host.includes(":") ? `[${host.replace(/[[\]]/g, "")}]` : host}:${port}/asterisk/ari`;
  const number = status.numbers.find((entry) => !entry.extension.startsWith("_"));
  const sip = status.sip[0]?.split(":").at(-1) ?? "5060";
  const step = (done, title, ...more) => h("li", {}, h("strong", {}, title), " ", done ? tag("done", "good") : null, more);
  return h("section", { class: "card" }, h("h2", {}, "The way to the first call"),
    h("ol", {},
      step(ari.enabled, "Switch ARI on", h("p", {}, h("a", { href: "#/settings/ari" }, "General Settings → AMI & ARI"), " → Use ARI Interface.")),
      step(ari.users.length > 0, "Add an ARI user", h("p", {}, h("a", { href: "#/ari-users" }, "ARI Access"), " → Add User. The commands below use ", h("code", {}, user), "; put its password where ", h("code", {}, "PASSWORD"), " stands.")),
      step(Boolean(number), "Give a number to an application", h("p", {}, h("a", { href: "#/dialplan-applications" }, "Dialplan Applications"), ": ", h("code", {}, "1,Answer()"), ", ", h("code", {}, "n,Stasis(hello-world)"), ", ", h("code", {}, "n,Hangup()"), ".")),
      step(false, "Listen for events", command(`wscat -c "${socket}://${user}:PASSWORD@${base}/events?app=hello-world"`)),
      step(status.phones.registered > 0, "Call", h("p", {}, `Dial ${number?.extension ?? "the number"} from a registered phone, or without one:`),
        command(`arioso call ${number?.extension ?? "1000"} --server ${host}:${sip} --user NUMBER --password SECRET --record heard.wav`)),
      step(false, "Play a sound on the channel that StasisStart names",
        command(`curl -u ${user}:PASSWORD -X POST "${web}://${base}/channels/CHANNEL/play?media=sound:hello-world"`))),
    h("details", {}, h("summary", {}, "The same in Python"), command(python(socket, base, user))));
}

const python = (socket, base, user) => `import asyncio, json, websockets   # pip install websockets

async def main():
    uri = "${socket}://${user}:PASSWORD@${base}/events?app=hello-world"
    async with websockets.connect(uri) as ws:
        async for message in ws:
            event = json.loads(message)
            if event["type"] == "StasisStart":
                await ws.send(json.dumps({
                    "type": "RESTRequest", "method": "POST",
                    "uri": f"channels/{event['channel']['id']}/play?media=sound:hello-world"}))
            print(event["type"])

asyncio.run(main())`;
