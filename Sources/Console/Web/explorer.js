// Every operation of ARI, from its own description: fill in, send, see the answer and the events that followed.
import { h, head, tag, command } from "./ui.js";
import { get, post } from "./api.js";

const eventMs = 3000;

export async function explorer() {
  const description = await get("/ari/openapi.json");
  const operations = Object.entries(description.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })));
  const search = h("input", { type: "search", placeholder: "Search operations", "aria-label": "Search operations", oninput: filter });
  const place = h("section", { class: "card" }, h("p", { class: "soft" }, "Choose an operation."));
  const buttons = operations.map((operation) => {
    const button = h("button", { type: "button", class: "operation", onclick: () => {
      for (const other of buttons) other.removeAttribute("aria-current");
      button.setAttribute("aria-current", "true");
      place.replaceChildren(...form(operation));
      place.scrollIntoView({ block: "nearest" });
    } }, tag(operation.method, operation.method === "GET" ? "good" : operation.method === "DELETE" ? "bad" : "warn"), " ", operation.path);
    button.text = `${operation.method} ${operation.path} ${operation.summary} ${operation.operationId}`.toLowerCase();
    return button;
  });
  function filter() {
    const word = search.value.trim().toLowerCase();
    for (const button of buttons) button.classList.toggle("hidden", !button.text.includes(word));
    for (const group of list.querySelectorAll("details")) {
      const isThere = group.querySelector("button:not(.hidden)") !== null;
      group.classList.toggle("hidden", !isThere);
      if (word) group.open = isThere;
    }
  }
  const list = h("nav", { class: "card operations", "aria-label": "Operations" }, search,
    description.tags.map((one) => {
      const own = buttons.filter((_, index) => operations[index].tags.includes(one.name));
      return h("details", { open: one.name === "channels" }, h("summary", {}, one.name), own);
    }));
  return { content: [head("ARI Explorer"), h("p", { class: "soft" }, "Operations are carried out in the administrator's name, on this very server."), h("div", { class: "split" }, list, place)] };
}

function form(operation) {
  const fields = (operation.parameters ?? []).map((parameter) => {
    const options = parameter.schema?.enum ?? (parameter.schema?.type === "boolean" ? ["true", "false"] : null);
    const id = `p-${parameter.name}`;
    const input = options
      ? h("select", { id }, h("option", { value: "" }, "–"), options.map((value) => h("option", { value }, String(value))))
      : h("input", { id, spellcheck: false, autocomplete: "off", placeholder: parameter.schema?.default !== undefined ? String(parameter.schema.default) : "" });
    return { parameter, input, element: h("div", { class: "field" }, h("label", { for: id }, parameter.name, parameter.required ? " *" : ""), input, parameter.description ? h("p", { class: "hint" }, parameter.description) : null) };
  });
  const body = operation.requestBody ? h("textarea", { id: "p-body", rows: 4, placeholder: '{"variables": {"COLOUR": "blue"}}', spellcheck: false }) : null;
  const result = h("div", { "aria-live": "polite" });
  const fault = h("p", { class: "fault hidden", role: "alert" });
  const button = h("button", { type: "submit", class: "primary" }, "Send");
  const isSocket = operation.path === "/events" && operation.method === "GET";

  async function send(event) {
    event.preventDefault();
    fault.classList.add("hidden");
    let path = operation.path;
    const query = {};
    for (const { parameter, input } of fields) {
      if (!input.value) {
        if (!parameter.required) continue;
        input.focus();
        return tell(`${parameter.name} is missing.`);
      }
      if (parameter.in === "path") path = path.replace(`{${parameter.name}}`, encodeURIComponent(input.value)); else query[parameter.name] = input.value;
    }
    let json = null;
    try { json = body?.value.trim() ? JSON.parse(body.value) : null; } catch (error) { return tell(`The body is no JSON: ${error.message}`); }
    button.disabled = true;
    const events = h("ul", { class: "events" });
    const source = new EventSource("/api/v1/events");
    source.addEventListener("ari", (message) => {
      const one = JSON.parse(message.data);
      events.append(h("li", {}, h("details", {}, h("summary", {}, h("span", { class: "soft" }, one.timestamp.slice(11, 23)), ` ${one.type}`), h("pre", {}, JSON.stringify(one, null, 2)))));
    });
    await new Promise((resolve) => { source.onopen = resolve; source.onerror = resolve; });
    try {
      const answer = await post("/ari/calls", { method: operation.method, path, query, body: json });
      const text = Object.entries(query).map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join("&");
      result.replaceChildren(
        h("h2", {}, "Answer ", tag(String(answer.status), answer.status < 300 ? "good" : "bad")),
        answer.body === null ? h("p", { class: "soft" }, "No body.") : h("pre", {}, JSON.stringify(answer.body, null, 2)),
        h("details", {}, h("summary", {}, "The same with curl"), command(`curl -u USER:PASSWORD -X ${operation.method} "http://HOST:PORT/ari${path}${text ? `?${text}` : ""}"${json ? ` -H "Content-Type: application/json" -d '${JSON.stringify(json)}'` : ""}`)),
        h("h2", {}, "Events that followed"), events);
    } catch (error) {
      tell(error.message);
    }
    button.disabled = false;
    setTimeout(() => source.close(), eventMs);
  }
  function tell(text) {
    fault.textContent = text;
    fault.classList.remove("hidden");
  }
  return [
    h("h2", {}, `${operation.method} ${operation.path}`), h("p", { class: "soft" }, operation.summary),
    isSocket ? h("p", {}, "This opens a WebSocket: the Live page shows what comes over it.")
      : h("form", { noValidate: true, onsubmit: send }, fields.map((field) => field.element), body ? h("div", { class: "field" }, h("label", { for: "p-body" }, "Body (JSON)"), body) : null, fault, h("p", {}, button)),
    result,
  ];
}
