// Small building blocks: elements, notices, buttons that ask twice, text to copy.

/** Makes an element. Properties that begin with "on" are listeners, "class" and "aria-…" are attributes; null children are left out. */
export function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key in element && key !== "list" && key !== "form") element[key] = value;
    else element.setAttribute(key === "class" ? "class" : key, value === true ? "" : value);
  }
  for (const child of children.flat(3)) if (child !== null && child !== undefined && child !== false) element.append(child);
  return element;
}

export function notice(text, isBad = false) {
  const box = h("div", { class: isBad ? "bad" : null }, text);
  document.getElementById("notices").append(box);
  setTimeout(() => box.remove(), isBad ? 9000 : 4000);
}

/** A button that acts on its second press within three seconds. */
export function twice(label, action, properties = {}) {
  let timer = null;
  const button = h("button", { type: "button", class: "danger", ...properties, onclick: async () => {
    if (timer) {
      clearTimeout(timer);
      disarm();
      button.disabled = true;
      try { await action(); } catch (error) { notice(error.message, true); }
      button.disabled = false;
      return;
    }
    button.textContent = `${label}?`;
    button.classList.add("armed");
    timer = setTimeout(disarm, 3000);
  } }, label);
  function disarm() {
    timer = null;
    button.textContent = label;
    button.classList.remove("armed");
  }
  return button;
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without HTTPS browsers give no clipboard.
    const area = h("textarea", { value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  notice("Copied.");
}

export const command = (text) =>
  h("div", { class: "command" }, h("pre", {}, text), h("button", { type: "button", onclick: () => copy(text) }, "Copy"));

export const head = (title, ...more) => h("div", { class: "head" }, h("h1", {}, title), h("div", { class: "row" }, more));

export const table = (columns, rows) => h("table", {},
  h("thead", {}, h("tr", {}, columns.map((column) => h("th", { class: column.wide ? "wide" : null, scope: "col" }, column.title ?? "")))),
  h("tbody", {}, rows));

export const tag = (text, kind = "") => h("span", { class: `tag ${kind}` }, text);

export const time = (ms) => new Date(ms).toLocaleString();
