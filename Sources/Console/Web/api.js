// Talks to the admin interface (/api/v1).

let csrfToken = "";
export const setToken = (token) => { csrfToken = token; };

/** What the server refused: its message, and what is wrong in which value. */
export class Refusal extends Error {
  constructor(status, message, problems = []) {
    super(message);
    this.status = status;
    this.problems = problems;
  }
}

async function send(method, path, body) {
  const headers = { "X-CSRF-Token": csrfToken };
  const isFile = body instanceof Blob;
  if (body !== undefined) headers["Content-Type"] = isFile ? "application/octet-stream" : "application/json";
  let answer;
  try {
    answer = await fetch(`/api/v1${path}`, { method, headers, body: body === undefined || isFile ? body : JSON.stringify(body) });
  } catch {
    throw new Refusal(0, "The server does not answer. Look whether it runs, and try again.");
  }
  const text = await answer.text();
  const value = text ? JSON.parse(text) : null;
  if (answer.ok) return value;
  if (answer.status === 401 && path !== "/session") document.dispatchEvent(new Event("loggedout"));
  throw new Refusal(answer.status, value?.message ?? `The server answered ${answer.status}.`, value?.problems ?? []);
}

export const get = (path) => send("GET", path);
export const post = (path, body = {}) => send("POST", path, body);
export const put = (path, body = {}) => send("PUT", path, body);
export const upload = (path, file) => send("PUT", path, file);
export const patch = (path, body) => send("PATCH", path, body);
export const remove = (path) => send("DELETE", path);
