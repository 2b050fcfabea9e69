// Before anything else: the first visit, and logging in.
import { h } from "./ui.js";
import { post } from "./api.js";

export function gate(state, done) {
  const isFirst = state === "setup";
  const fault = h("p", { class: "fault hidden", role: "alert" });
  const code = h("input", { id: "code", autocomplete: "off", spellcheck: false, placeholder: "ABCD-EFGH" });
  const password = h("input", { id: "password", type: "password", autocomplete: isFirst ? "new-password" : "current-password" });
  const button = h("button", { type: "submit", class: "primary" }, isFirst ? "Set password" : "Log in");
  const submit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    fault.classList.add("hidden");
    try {
      await (isFirst ? post("/setup", { code: code.value, password: password.value }) : post("/session", { password: password.value }));
      done();
    } catch (error) {
      fault.textContent = [error.message, ...error.problems.map((problem) => problem.advice)].join(" ");
      fault.classList.remove("hidden");
      button.disabled = false;
      (error.problems[0]?.path === "code" ? code : password).focus();
    }
  };
  const content = h("main", { class: "gate", id: "main" },
    h("p", {}, h("img", { src: "icon.svg", alt: "" })),
    h("h1", {}, isFirst ? "Welcome to Arioso" : "Arioso"),
    h("p", { class: "soft" }, isFirst
      ? "Set the administrator's password. The code is in the server's log, in the line that begins with “console:”."
      : "Log in as the administrator."),
    h("form", { noValidate: true, onsubmit: submit },
      isFirst ? h("div", { class: "field" }, h("label", { for: "code" }, "Code"), code) : null,
      h("div", { class: "field" }, h("label", { for: "password" }, "Password"), password,
        isFirst ? h("p", { class: "hint" }, "10 or more characters.") : null),
      fault, h("p", {}, button)));
  setTimeout(() => (isFirst ? code : password).focus());
  return content;
}
