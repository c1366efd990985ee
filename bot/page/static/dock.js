/** Where a young person answers: the box, the controls, and the way of one message to the server. */

import * as log from "./log.js";
import { ask, Refused } from "./server.js";
import { hush } from "./voice.js";
import { make, part, picture, say } from "./words.js";

const box = /** @type {HTMLTextAreaElement} */ (part("box"));
const send = /** @type {HTMLButtonElement} */ (part("send"));
const status = part("status");
const unsent = part("unsent");
const more = part("controls-more");
const rest = part("controls-rest");

/** Controls that stand in the row; the others are one press further, behind "More". */
const FIRST = ["skip", "dont_know", "back"];
const THINKING_AFTER = 350;

/** @type {{ id: string, body: Record<string, unknown>, text: string, after: () => void } | null} what did not get through */
let left = null;
let sending = false;

/** @type {() => void} */
let onEnded = () => {};

/** @param {() => void} ended called when the server no longer knows this chat */
export function watchDock(ended) {
  onEnded = ended;
  part("compose").addEventListener("submit", (event) => {
    event.preventDefault();
    sendBox();
  });
  // pressing the button must not take the focus, or the keyboard of a phone folds away
  send.addEventListener("pointerdown", (event) => event.preventDefault());
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    sendBox();
  });
  box.addEventListener("input", grow);
  part("again").addEventListener("click", () => left && void deliver(left.body, left.text, left.after));
  more.addEventListener("click", () => unfold(Boolean(rest.hidden)));
}

function grow() {
  box.style.height = "";
  if (box.value) box.style.height = `${box.scrollHeight + 4}px`;
}

export function emptyBox() {
  box.value = "";
  grow();
  forgive();
}

export function focusBox() {
  box.focus();
}

function sendBox() {
  const text = box.value;
  if (!text.trim()) {
    box.focus();
    return;
  }
  void deliver({ text }, text, () => {
    box.value = "";
    grow();
  });
}

/**
 * Sends what was pressed under a message.
 * @param {Choice[]} picks
 * @param {HTMLElement} article
 * @param {boolean} many
 */
export function sendPicks(picks, article, many) {
  const ids = picks.map((choice) => choice.id);
  void deliver(many ? { choices: ids } : { choice: ids[0] }, "", () => {
    log.close(article, picks);
    moveOn();
  });
}

/**
 * Sends one message and shows what it brought about. A message that was tried before keeps its id, so it is kept once.
 * @param {Record<string, unknown>} body
 * @param {string} text
 * @param {() => void} after
 */
async function deliver(body, text, after) {
  if (sending) return;
  const again = left !== null && JSON.stringify(left.body) === JSON.stringify(body);
  const id = again && left ? left.id : crypto.randomUUID();
  busy(true);
  hush();
  forgive();
  const slow = window.setTimeout(() => think(true), THINKING_AFTER);
  try {
    const answer = await ask("/chat/messages", { id, ...body });
    left = null;
    log.add(answer.messages ?? []);
    after();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    left = { id, body, text, after };
    await blame(error, Boolean(text));
  } finally {
    clearTimeout(slow);
    think(false);
    busy(false);
  }
}

/** @param {boolean} on */
function busy(on) {
  sending = on;
  send.disabled = on;
  box.readOnly = on;
  const word = /** @type {HTMLElement} */ (send.querySelector("[data-word]"));
  word.dataset.word = on ? "sending" : "send";
  word.textContent = say(word.dataset.word);
  part("chat").classList.toggle("is-busy", on);
}

/** @param {boolean} on */
function think(on) {
  status.replaceChildren();
  if (on) status.append(make("span", "dots"), say("thinking"));
}

function forgive() {
  unsent.hidden = true;
  part("unsent-words").textContent = "";
}

/**
 * Says what went wrong, in the server's words when it has some.
 * @param {Refused} error
 * @param {boolean} typed
 */
async function blame(error, typed) {
  if (error.answer.messages) log.add(error.answer.messages);
  if (error.status === 401) {
    onEnded();
    return;
  }
  if (error.status === 409) {
    left = null;
    log.closeOpen();
    await ask(`/chat/messages?after=${log.lastNumber()}`).then((answer) => log.add(answer.messages ?? []), () => {});
  }
  const ours = navigator.onLine ? say(typed ? "not_sent" : "not_sent_choice") : `${say(typed ? "not_sent" : "not_sent_choice")} ${say("offline")}`;
  const theirs = error.status && error.status < 500 ? error.answer.message : "";
  part("unsent-words").textContent = theirs || ours;
  part("again").hidden = !error.passing;
  unsent.hidden = false;
}

/** After a press the pressed button is gone from use: go to the new choices, or to the box where a keyboard is not in the way. */
function moveOn() {
  const next = log.openChoices();
  if (next) next.focus({ preventScroll: true });
  else if (matchMedia("(pointer: fine)").matches) box.focus({ preventScroll: true });
  else part("log").focus({ preventScroll: true });
}

/**
 * Shows the controls of the open question.
 * @param {Control[]} controls
 */
export function showControls(controls) {
  const usual = FIRST.flatMap((name) => controls.filter((control) => control.name === name));
  const first = usual.length ? usual : controls.slice(0, FIRST.length);
  const others = controls.filter((control) => !first.includes(control));
  part("controls-first").replaceChildren(...first.map(controlButton));
  rest.replaceChildren(...others.map(controlButton));
  part("controls").hidden = !controls.length;
  more.hidden = !others.length;
  unfold(false);
}

/** @param {boolean} on */
function unfold(on) {
  rest.hidden = !on;
  more.setAttribute("aria-expanded", String(on));
  const word = part("controls-more-word");
  word.dataset.word = on ? "less" : "more";
  word.textContent = say(word.dataset.word);
}

/** @param {Control} control */
function controlButton(control) {
  const button = /** @type {HTMLButtonElement} */ (make("button", "control"));
  button.type = "button";
  button.append(picture(control.picture), make("span", "", control.label));
  button.addEventListener("click", () => void deliver({ choice: control.id }, "", moveOn));
  return button;
}
