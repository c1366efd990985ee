/** The panels over the page: tell someone now, the menu, your code, finish and clear. */

import { leave } from "./leave.js";
import { ask, Refused } from "./server.js";
import { token } from "./session.js";
import { part, say, style } from "./words.js";

const html = document.documentElement;
const copy = /** @type {HTMLButtonElement} */ (part("code-copy"));
const tellBox = /** @type {HTMLTextAreaElement} */ (part("tell-box"));
const tellSend = /** @type {HTMLButtonElement} */ (part("tell-send"));

/** @param {string} id */
function panel(id) {
  return /** @type {HTMLDialogElement} */ (part(id));
}

/** @param {string} id */
function show(id) {
  for (const other of document.querySelectorAll("dialog[open]")) /** @type {HTMLDialogElement} */ (other).close();
  panel(id).showModal();
  panel(id).scrollTop = 0;
  part(`${id}-heading`).focus();
}

/**
 * @typedef {object} Doings
 * @property {(answer: Answer) => void} told
 * @property {() => Promise<void>} ready makes sure that there is a chat
 * @property {(next: Style) => void} restyle
 * @property {() => void} finish
 */

/** @param {Doings} doings */
export function watchPanels(doings) {
  for (const button of document.querySelectorAll("[data-close]")) {
    button.addEventListener("click", () => button.closest("dialog")?.close());
  }
  for (const button of document.querySelectorAll("[data-leave]")) button.addEventListener("click", leave);
  part("leave").addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  part("menu-open").addEventListener("click", () => {
    dressSwitches();
    show("menu");
  });
  part("style-switch").addEventListener("click", () => {
    panel("menu").close();
    doings.restyle(style() === "easy" ? "standard" : "easy");
  });
  part("colours-switch").addEventListener("click", () => {
    html.dataset.colours = dark() ? "light" : "dark";
    dressSwitches();
  });
  part("code-open").addEventListener("click", () => void showCode("code"));
  part("finish-open").addEventListener("click", () => void showCode("finish"));
  part("finish-button").addEventListener("click", () => {
    panel("finish").close();
    doings.finish();
  });
  copy.addEventListener("click", () => void copyCode());
  watchTell(doings);
}

function dark() {
  return html.dataset.colours ? html.dataset.colours === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function dressSwitches() {
  for (const [id, key] of [["style-switch-word", style() === "easy" ? "to_standard" : "to_easy"], ["colours-switch-word", dark() ? "colours_light" : "colours_dark"]]) {
    part(id).dataset.word = key;
    part(id).textContent = say(key);
  }
}

/** @param {"code" | "finish"} id the panel that shows the code to come back with */
async function showCode(id) {
  const place = part(id === "code" ? "code-shown" : "finish-code");
  place.textContent = "";
  part("code-said").textContent = "";
  copy.hidden = true;
  show(id);
  try {
    place.textContent = (await ask("/chat/code")).code ?? "";
    copy.hidden = !navigator.clipboard;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (id === "code") part("code-said").textContent = say("code_failed");
  }
}

async function copyCode() {
  await navigator.clipboard.writeText(part("code-shown").textContent ?? "").then(
    () => (part("code-said").textContent = say("code_copied")),
    () => (part("code-said").textContent = say("went_wrong")),
  );
}

/** @param {Doings} doings */
function watchTell({ told, ready }) {
  let id = "";
  let sent = "";
  part("tell-open").addEventListener("click", () => {
    part("tell-wrong").textContent = "";
    show("tell");
  });
  part("tell-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (tellSend.disabled) return;
    const text = tellBox.value;
    if (!id || sent !== text) id = crypto.randomUUID();
    sent = text;
    tellSend.disabled = true;
    part("tell-wrong").textContent = "";
    try {
      if (!token()) await ready();
      const body = text.trim() ? { id, text } : { id };
      const answer = await ask("/chat/tell-someone", body).catch(async (error) => {
        if (!(error instanceof Refused) || error.status !== 401) throw error;
        // the chat here has ended, and asking for help must not
        await ready();
        return ask("/chat/tell-someone", body);
      });
      id = "";
      tellBox.value = "";
      panel("tell").close();
      told(answer);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      part("tell-wrong").textContent = say("tell_failed");
      if (error.answer.messages) told(error.answer);
    } finally {
      tellSend.disabled = false;
    }
  });
}
