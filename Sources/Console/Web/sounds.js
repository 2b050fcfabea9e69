// Sounds that calls hear: own ones, sent as files or spoken into a phone, and those that came with the system.
import { h, head, table, tag, twice, notice, time } from "./ui.js";
import { get, post, remove, upload } from "./api.js";
import { player, length } from "./player.js";

let searched = "";

export async function sounds() {
  const own = h("section", { class: "card table" });
  const others = h("section", { class: "card table hidden" });
  const search = h("input", { type: "search", placeholder: "Search all sounds", "aria-label": "Search all sounds", value: searched, oninput: () => {
    searched = search.value.trim();
    clearTimeout(timer);
    timer = setTimeout(load, 250);
  } });
  const listening = player();
  let timer, waiting, turn = 0;

  async function load() {
    const asked = ++turn;
    const found = await get(`/sounds?text=${encodeURIComponent(searched)}`);
    if (asked !== turn) return;
    own.replaceChildren(h("h2", {}, "Own sounds"), found.own.length
      ? table([{ title: "Name" }, { title: "Language" }, { title: "Length" }, { title: "Changed", wide: true }, {}], found.own.map((sound) => h("tr", {},
        h("td", {}, h("strong", {}, sound.name), h("div", { class: "soft small mono" }, `sound:${sound.name}`)), h("td", {}, sound.language),
        h("td", {}, length(sound.durationMs)), h("td", { class: "wide" }, time(sound.modifiedMs)),
        h("td", { class: "acts" }, listen(sound.name, sound.language), " ", twice("Delete", async () => {
          await remove(path(sound.name, sound.language));
          notice(`Sound ${sound.name} deleted.`);
          load();
        }, { "aria-label": `Delete ${sound.name}` })))))
      : h("p", { class: "empty" }, searched ? "No own sound fits." : "No own sounds yet. Add a file, or speak one into a phone."));
    others.classList.toggle("hidden", !searched);
    others.replaceChildren(h("h2", {}, "Sounds of the system"), found.others.length
      ? table([{ title: "Name" }, { title: "Languages" }, {}], found.others.map((sound) => h("tr", {},
        h("td", { class: "mono" }, sound.name), h("td", {}, h("div", { class: "row" }, sound.languages.map((one) => tag(one || "any")))),
        h("td", { class: "acts" }, listen(sound.name, sound.languages[0] || "en")))))
      : h("p", { class: "empty" }, "No sound of the system fits."));
  }
  const listen = (name, language) => h("button", { type: "button", "aria-label": `Listen to ${name}`, onclick: () => listening.play(`/api/v1${path(name, language)}/audio`, name) }, "Listen");

  const name = h("input", { id: "sound-name", type: "text", placeholder: "greeting", autocomplete: "off", spellcheck: false });
  const language = h("input", { id: "sound-language", type: "text", value: "en", spellcheck: false });
  const file = h("input", { id: "sound-file", type: "file", accept: "audio/*,.gsm,.ul,.al,.sln", onchange: () => {
    if (!name.value && file.files[0]) name.value = file.files[0].name.replace(/\.[^.]*$/, "").replace(/[^\w/-]+/g, "-").toLowerCase();
  } });
  const number = h("input", { id: "sound-number", type: "text", placeholder: "201", autocomplete: "off" });
  const fault = h("p", { class: "fault hidden", role: "alert" });
  const state = h("p", { class: "hint", role: "status" });
  const fail = (text) => {
    fault.textContent = text ?? "";
    fault.classList.toggle("hidden", !text);
  };
  const act = async (button, action) => {
    fail();
    if (!name.value.trim()) return fail("Give the sound a name.");
    button.disabled = true;
    try { await action(path(name.value.trim(), language.value.trim() || "en")); } catch (error) { fail(error.problems?.[0] ? sentence(error) : error.message); }
    button.disabled = false;
  };
  const send = h("button", { type: "button", class: "primary", onclick: () => act(send, async (place) => {
    if (!file.files[0]) return fail("Choose a file.");
    const kind = (file.files[0].name.split(".").pop() ?? "wav").toLowerCase();
    await upload(`${place}?kind=${encodeURIComponent(kind)}`, file.files[0]);
    notice(`Sound ${name.value.trim()} is there: sound:${name.value.trim()}`);
    [name.value, file.value] = ["", ""];
    load();
  }) }, "Add file");
  const record = h("button", { type: "button", onclick: () => act(record, async (place) => {
    if (!number.value.trim()) return fail("Give the number of a phone.");
    const wanted = name.value.trim();
    const before = (await get("/sounds")).own.find((one) => one.name === wanted)?.modifiedMs;
    const { channel } = await post(`${place}/recording`, { number: number.value.trim() });
    state.textContent = `Calling ${number.value.trim()}: speak after the beep, then press any key or hang up.`;
    clearInterval(waiting);
    waiting = setInterval(async () => {
      const [now, live] = await Promise.all([get("/sounds"), get("/live")]).catch(() => [null, null]);
      const isThere = now && now.own.find((one) => one.name === wanted)?.modifiedMs !== before;
      const isOver = live && !live.channels.some((one) => one.id === channel);
      if (!isThere && !isOver) return;
      clearInterval(waiting);
      state.textContent = "";
      if (isThere) {
        notice(`Sound ${wanted} is there: sound:${wanted}`);
        load();
      } else setTimeout(async () => {
        await load();
        if (!(await get("/sounds")).own.some((one) => one.name === wanted && one.modifiedMs !== before)) fail("Nothing was recorded: nobody answered, or the call ended before the beep.");
      }, 1500);
    }, 1000);
  }) }, "Call and record");

  await load();
  return {
    content: [
      head("Sound Files", search), listening.element,
      h("section", { class: "card" }, h("h2", {}, "Add a sound"),
        h("div", { class: "halves flat" },
          h("div", {}, label("sound-name", "Name"), name, h("p", { class: "hint" }, "It is played as sound:NAME, and takes the place of a sound of the system of the same name.")),
          h("div", {}, label("sound-language", "Language"), language, h("p", { class: "hint" }, "As in en or pt_BR.")),
          h("div", {}, label("sound-file", "From a file"), h("div", { class: "with" }, file, send), h("p", { class: "hint" }, "WAV, MP3, Ogg, FLAC and other kinds; it is converted for telephones.")),
          h("div", {}, label("sound-number", "By phone"), h("div", { class: "with" }, number, record), state)), fault),
      own, others,
    ],
    leave: () => {
      clearTimeout(timer);
      clearInterval(waiting);
      listening.stop();
    },
  };
}

const label = (id, text) => h("label", { for: id, class: "strong" }, text);
const path = (name, language) => `/sounds/${encodeURIComponent(language)}/${encodeURIComponent(name)}`;
const sentence = (error) => error.problems.map((one) => `${one.path ? `${one.path} ` : ""}${one.message}${one.advice ? `. ${one.advice}` : ""}`).join(" ");
