// The softphone: a telephone in the page, logged in as one of the extensions.
import { h, head, command } from "./ui.js";
import { get } from "./api.js";

export async function softphone() {
  const [status, extensions] = await Promise.all([get("/status"), get("/extensions")]);
  const { ari } = status;
  const host = location.hostname.includes(":") ? `[${location.hostname.replace(/[[\]]/g, "")}]` : location.hostname;
  const isSecure = location.protocol === "https:";
  // A page that came over HTTPS may not open a connection without TLS.
  const [scheme, web, port] = ari.httpPort && !isSecure ? ["ws", "http", ari.httpPort] : ["wss", "https", ari.httpsPort];
  const server = port ? `${scheme}://${host}:${port}/ws` : "";
  const page = `${web}://${host}:${port}/phone/`;
  const title = head("Softphone", port ? h("a", { class: "button", href: page, target: "_blank", rel: "noopener" }, "Open in its own page") : null);
  if (!port) return { content: [title, h("div", { class: "note warn" }, h("p", {}, "There is no port for it: switch on HTTP or HTTPS in the ", h("a", { href: "#/settings/http" }, "settings"), "."))] };
  if (!extensions.length) return { content: [title, h("div", { class: "card empty" }, h("p", {}, "A softphone logs in as an extension, and there is none yet."), h("a", { class: "button primary", href: "#/extensions/new" }, "Add Extension"))] };
  await import("/phone/arioso-phone.js");
  const place = h("div", {});
  const choice = h("select", { id: "extension", onchange: () => show() }, extensions.map((entry) => h("option", { value: entry.number }, entry.callerID?.name ? `${entry.number} ${entry.callerID.name}` : entry.number)));
  function show() {
    const chosen = extensions.find((entry) => entry.number === choice.value);
    place.replaceChildren(h("arioso-phone", { server, user: chosen.number, password: chosen.secret, name: chosen.callerID?.name ?? "" }));
  }
  show();
  return {
    content: [
      title,
      navigator.mediaDevices ? null : h("div", { class: "note warn" }, h("p", {}, "Browsers give the microphone only to pages that come over HTTPS or from the machine itself. Open the console over HTTPS to speak.")),
      scheme === "wss" && ari.httpsPort ? h("p", { class: "soft small" }, "When it stays at “Connecting”: open ", h("a", { href: page, target: "_blank", rel: "noopener" }, "its own page"), " once and accept the server's certificate.") : null,
      h("div", { class: "halves" },
        h("div", {}, h("div", { class: "field" }, h("label", { htmlFor: "extension" }, "Log in as"), choice), place),
        h("section", { class: "card" }, h("h2", {}, "In a page of your own"),
          h("p", {}, "Add the element to any page that comes over HTTPS. Who opens it logs in with an extension and its secret."),
          command(`<script type="module" src="${page}arioso-phone.js"></script>\n<arioso-phone server="${server}"></arioso-phone>`),
          h("p", { class: "soft small" }, "Without the element's look: ", h("code", {}, `import { Phone } from "${page}phone.js"`), " makes and takes calls from your own code."))),
    ].filter(Boolean),
    leave: () => place.replaceChildren(),
  };
}
