/** The first screen: how to talk, who is there, a joining code, or the way back into a chat. */

import { ask, Refused } from "./server.js";
import { part, say, wear } from "./words.js";

const form = /** @type {HTMLFormElement} */ (part("start-form"));
const button = /** @type {HTMLButtonElement} */ (part("start-button"));
const join = /** @type {HTMLInputElement} */ (part("join"));
const resume = /** @type {HTMLInputElement} */ (part("resume"));

let busy = false;

function chosen() {
  const data = new FormData(form);
  const code = join.value.trim();
  return { style: data.get("style"), mode: data.get("mode"), ...(code ? { join: code } : {}) };
}

/** Starts a chat with what is chosen on the first screen. @returns {Promise<Answer>} @throws {Refused} */
export function startChat() {
  return ask("/chat/start", chosen());
}

/**
 * Puts the code of a join link (`…/#join=K7MP-4QTX`) into its box. What stands behind the # is never sent to a server,
 * and it is wiped from the address at once, so that the link does not stay in the device's history.
 */
function takeJoinLink() {
  const found = /^#join=([A-Za-z0-9-]{4,16})$/.exec(location.hash);
  if (!found) return;
  history.replaceState(null, "", location.pathname);
  join.value = /** @type {string} */ (found[1]);
  /** @type {HTMLDetailsElement} */ (part("join-fold")).open = true;
}

/** @param {(answer: Answer) => void} opened called with the chat that was started or found again */
export function watchStart(opened) {
  takeJoinLink();
  for (const option of form.querySelectorAll("input[name=style]")) {
    option.addEventListener("change", () => wear(/** @type {Style} */ (chosen().style)));
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void attempt(startChat, opened, (error) => {
      const codeIsWrong = error.status >= 400 && error.status < 500 && error.status !== 429 && Boolean(join.value.trim());
      complain(codeIsWrong ? "join" : "start", error);
    });
  });
  part("resume-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const code = resume.value.trim();
    if (!code) {
      resume.focus();
      return;
    }
    void attempt(() => ask("/chat/resume", { code }), opened, (error) => complain("resume", error));
  });
}

/**
 * @param {() => Promise<Answer>} call
 * @param {(answer: Answer) => void} opened
 * @param {(error: Refused) => void} failed
 */
async function attempt(call, opened, failed) {
  if (busy) return;
  busy = true;
  for (const name of ["start", "join", "resume"]) part(`${name}-wrong`).textContent = "";
  for (const box of [join, resume]) box.removeAttribute("aria-invalid");
  setStartWord("starting");
  try {
    const answer = await call();
    join.value = "";
    resume.value = "";
    opened(answer);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    failed(error);
  } finally {
    busy = false;
    setStartWord("start");
  }
}

/** @param {string} key */
function setStartWord(key) {
  const word = /** @type {HTMLElement} */ (button.firstElementChild);
  word.dataset.word = key;
  word.textContent = say(key);
}

/**
 * @param {"start" | "join" | "resume"} where
 * @param {Refused} error
 */
function complain(where, error) {
  part(`${where}-wrong`).textContent = error.answer.message || say(error.status ? "went_wrong" : "cannot_reach");
  if (where === "start") return;
  const box = where === "join" ? join : resume;
  /** @type {HTMLDetailsElement} */ (part(`${where}-fold`)).open = true;
  box.setAttribute("aria-invalid", "true");
  box.focus();
}

/**
 * A line at the top of the first screen, for someone who was brought back to it.
 * @param {string} key
 */
export function notice(key) {
  const line = part("start-notice");
  line.hidden = !key;
  line.textContent = key && say(key);
}
