// Forms: what is entered is compared with what is stored; the server says what is wrong, beside the field it is about.
import { h, notice, copy } from "./ui.js";
import { post } from "./api.js";

const at = (object, path) => path.split(".").reduce((value, key) => value?.[key], object);

function put(object, path, value) {
  const keys = path.split(".");
  const last = keys.pop();
  let place = object;
  for (const key of keys) place = place[key] ??= {};
  place[last] = value;
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

let present = [];
/** Whether a form on the page has changes that are not saved. */
export const hasChanges = () => present.some((one) => document.contains(one.element) && one.isDirty());

/**
 * kind → element with value(), set(value) and focus(). A field is { path, label, hint, kind, … }; `kind` is one of
 * text, number, flag, secret, lines, code, choice, choices, rows.
 */
const makers = {
  text(field, id) {
    const input = h("input", { id, type: "text", placeholder: field.placeholder ?? "", autocomplete: "off", spellcheck: false });
    // What is known already may be chosen, anything else written.
    const known = field.known?.length ? h("datalist", { id: `${id}-known` }, field.known.map(([value, label]) => h("option", { value }, label))) : null;
    if (known) input.setAttribute("list", known.id);
    return { element: known ? h("div", {}, input, known) : input, control: input, value: () => input.value.trim(), set: (value) => { input.value = value ?? ""; } };
  },
  number(field, id) {
    const input = h("input", { id, type: "number", inputmode: "numeric" });
    return {
      element: input, control: input,
      value: () => (input.value === "" ? null : Number(input.value)), set: (value) => { input.value = value ?? ""; },
    };
  },
  flag(field, id) {
    const input = h("input", { id, type: "checkbox" });
    const element = h("div", { class: "check" }, input, h("label", { for: id }, field.label));
    return { element, control: input, ownLabel: true, value: () => input.checked, set: (value) => { input.checked = Boolean(value); } };
  },
  secret(field, id) {
    const input = h("input", { id, type: "password", autocomplete: "new-password", spellcheck: false, placeholder: field.placeholder ?? "" });
    const strength = h("p", { class: "hint", role: "status" });
    const show = h("button", { type: "button", "aria-pressed": "false", onclick: () => {
      const hidden = input.type === "password";
      input.type = hidden ? "text" : "password";
      show.textContent = hidden ? "Hide" : "Show";
      show.setAttribute("aria-pressed", String(hidden));
    } }, "Show");
    const generate = h("button", { type: "button", onclick: async () => {
      try {
        input.value = (await post("/passwords")).password;
        if (input.type === "password") show.click();
        input.dispatchEvent(new Event("input", { bubbles: true }));
      } catch (error) { notice(error.message, true); }
    } }, "Generate");
    let timer;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      strength.textContent = "";
      if (input.value) timer = setTimeout(async () => {
        const { weak } = await post("/passwords", { password: input.value }).catch(() => ({}));
        strength.textContent = weak ? "Easy to guess. It is accepted, but better let one be generated." : "";
      }, 400);
    });
    const element = h("div", {}, h("div", { class: "with" }, input, show, generate, h("button", { type: "button", onclick: () => copy(input.value) }, "Copy")), strength);
    return { element, control: input, value: () => input.value, set: (value) => { input.value = value ?? ""; } };
  },
  lines(field, id) {
    const area = h("textarea", { id, rows: 3, placeholder: field.placeholder ?? "", spellcheck: false });
    return { element: area, control: area, value: () => lines(area.value.replaceAll(",", "\n")), set: (value) => { area.value = (value ?? []).join("\n"); } };
  },
  code(field, id) {
    const area = h("textarea", { id, rows: field.rows ?? 8, placeholder: field.placeholder ?? "", spellcheck: false });
    const split = field.asLines !== false;
    return {
      element: area, control: area, value: () => (split ? lines(area.value) : area.value),
      set: (value) => { area.value = split ? (value ?? []).join("\n") : value ?? ""; },
    };
  },
  choice(field, id) {
    const select = h("select", { id }, field.options.map(([value, label]) => h("option", { value }, label)));
    return { element: select, control: select, value: () => select.value, set: (value) => { select.value = value ?? ""; } };
  },
  /** A list of items with the same few keys: a row for each. */
  rows(field) {
    const list = h("div", {});
    let kept = [];
    const row = (item) => {
      const inputs = field.columns.map((column) => {
        const name = { "aria-label": column.label, title: column.label };
        const input = column.options ? h("select", name, column.options.map((value) => h("option", { value }, value.toUpperCase())))
          : h("input", { ...name, type: column.isNumber ? "number" : "text", spellcheck: false });
        input.value = item[column.key] ?? "";
        return { column, input };
      });
      const element = h("div", { class: "with row-of" }, inputs.map((one) => one.input), h("button", { type: "button", onclick: () => {
        kept = kept.filter((one) => one.element !== element);
        list.dispatchEvent(new Event("input", { bubbles: true }));
        element.remove();
      } }, "Remove"));
      kept.push({ element, inputs, item });
      list.append(element);
    };
    const add = h("button", { type: "button", onclick: () => {
      row(field.fresh);
      kept.at(-1).inputs[0].input.focus();
      list.dispatchEvent(new Event("input", { bubbles: true }));
    } }, field.add);
    return {
      element: h("div", {}, list, add), control: add, isGroup: true,
      value: () => kept.map(({ inputs, item }) => ({ ...item, ...Object.fromEntries(inputs.map(({ column, input }) =>
        [column.key, column.isNumber ? Number(input.value) : input.value.trim()])) })),
      set: (value) => {
        kept = [];
        list.replaceChildren();
        for (const item of value ?? []) row(item);
      },
    };
  },
  choices(field, id) {
    const boxes = field.options.map(([value, label]) => {
      const input = h("input", { type: "checkbox", value });
      return { input, element: h("label", { class: "check" }, input, h("span", {}, label)) };
    });
    let order = [];
    return {
      element: h("div", { class: "row choices" }, boxes.length ? boxes.map((box) => box.element) : h("span", { class: "soft" }, field.none ?? "None yet.")),
      control: boxes[0]?.input ?? h("input", {}), isGroup: true,
      // What was chosen before keeps its place: the first is preferred.
      value: () => {
        const chosen = boxes.filter((box) => box.input.checked).map((box) => box.input.value);
        // So does what is set but not offered here.
        const isOffered = (value) => boxes.some((box) => box.input.value === value);
        return [...order.filter((value) => chosen.includes(value) || !isOffered(value)), ...chosen.filter((value) => !order.includes(value))];
      },
      set: (value) => {
        order = value ?? [];
        for (const box of boxes) box.input.checked = order.includes(box.input.value);
      },
    };
  },
};

/** Forms made so far: several may be on one page, with fields of the same path. */
let forms = 0;

/**
 * Makes a form. `save(changes, all)` stores what changed and gives what is stored then; it may throw a Refusal.
 */
export function form({ fields, value, save, saved, check, isNew = false, back }) {
  let stored = structuredClone(value);
  const number = ++forms;
  const parts = [];
  const general = h("div", { class: "note bad hidden", role: "alert" });
  const button = h("button", { type: "submit", class: "primary", disabled: !isNew }, "Save");

  const build = (field, index) => {
    const id = `field-${number}-${index}-${field.path.replaceAll(".", "-")}`;
    const part = makers[field.kind ?? "text"](field, id);
    part.field = field;
    part.fault = h("p", { class: "fault hidden", id: `${id}-fault` });
    part.control.setAttribute("aria-describedby", `${id}-fault`);
    part.set(at(value, field.path));
    parts.push(part);
    const hint = field.hint ? h("p", { class: "hint" }, field.hint) : null;
    if (part.isGroup) return h("fieldset", { class: "field" }, h("legend", {}, field.label), part.element, part.fault, hint);
    return h("div", { class: "field" }, part.ownLabel ? null : h("label", { for: id }, field.label), part.element, part.fault, hint);
  };
  const plain = fields.filter((field) => !field.advanced).map(build);
  const advanced = fields.filter((field) => field.advanced).map((field, index) => build(field, index + 100));

  const element = h("form", { noValidate: true, onsubmit: submit, oninput: changed, onchange: changed },
    general, plain, advanced.length ? h("details", {}, h("summary", {}, "More"), advanced) : null,
    h("div", { class: "actions" }, button, back ? h("a", { class: "button", href: back }, "Back") : null));

  const collect = (onlyChanges) => {
    const result = {};
    for (const part of parts) {
      const entered = part.value();
      if (part.field.onlyWhenGiven && !entered) continue;
      if (!onlyChanges || !same(entered, at(stored, part.field.path) ?? part.initial)) put(result, part.field.path, entered);
    }
    return result;
  };
  for (const part of parts) if (at(stored, part.field.path) === undefined) part.initial = part.value();
  const isDirty = () => Object.keys(collect(true)).length > 0;

  let timer;
  function changed(event) {
    button.disabled = !isNew && !isDirty();
    const part = parts.find((candidate) => candidate.element.contains(event.target));
    if (part) tell(part, null);
    if (!check) return;
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const problems = await check(collect(!isNew)).catch(() => []);
      // Only where something is entered: an empty field is no mistake while one types.
      for (const one of parts) if (!same(one.value(), at(stored, one.field.path) ?? one.initial)) tell(one, problemsOf(one, problems));
    }, 500);
  }

  const problemsOf = (part, problems) => problems.filter((problem) =>
    problem.path === part.field.path || problem.path.startsWith(`${part.field.path}[`) || problem.path.startsWith(`${part.field.path}.`));

  function tell(part, problems) {
    const text = (problems ?? []).map((problem) => {
      const index = problem.path.match(/\[(\d+)\]$/)?.[1];
      const item = problem.path.match(/\[(\d+)\]\.(\w+)$/);
      const place = item ? `Row ${Number(item[1]) + 1}: ${item[2]} ` : index !== undefined ? `Line ${Number(index) + 1} ` : problem.line ? `Line ${problem.line}: ` : "It ";
      return `${place}${problem.message}. ${problem.advice}`;
    }).join(" ");
    part.fault.textContent = text;
    part.fault.classList.toggle("hidden", !text);
    part.control.setAttribute("aria-invalid", String(Boolean(text)));
  }

  function showAll(error) {
    const problems = error.problems ?? [];
    const told = new Set();
    for (const part of parts) {
      const own = problemsOf(part, problems);
      own.forEach((problem) => told.add(problem));
      tell(part, own);
    }
    const rest = problems.filter((problem) => !told.has(problem)).map((problem) => `${problem.path} ${problem.message}. ${problem.advice}`);
    general.replaceChildren(...[error.message, ...rest].map((text) => h("p", {}, text)));
    general.classList.remove("hidden");
    const first = parts.find((part) => part.control.getAttribute("aria-invalid") === "true");
    if (first) {
      first.element.closest("details")?.setAttribute("open", "");
      first.control.focus();
    } else general.scrollIntoView({ block: "nearest" });
  }

  const labelOf = (problem) => parts.find((part) => problemsOf(part, [problem]).length)?.field.label ?? problem.path;

  async function submit(event) {
    event.preventDefault();
    button.disabled = true;
    general.classList.add("hidden");
    try {
      const answer = await save(collect(!isNew));
      stored = answer?.value ?? stored;
      for (const part of parts) { tell(part, null); part.set(at(stored, part.field.path)); part.initial = part.value(); }
      notice("Saved. It is in force.");
      for (const warning of answer?.warnings ?? []) notice(`${labelOf(warning)} ${warning.message}. ${warning.advice}`);
      button.disabled = true;
      saved?.(answer);
    } catch (error) {
      // What was entered stays.
      showAll(error);
      button.disabled = false;
    }
  }

  present.push({ element, isDirty: () => (isNew ? parts.some((part) => !same(part.value(), part.initial ?? at(value, part.field.path))) : isDirty()) });
  return element;
}

export const forget = () => { present = []; };
