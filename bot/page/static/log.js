/** The list of messages: what is shown, what can still be pressed, and where the eye is. */

import { closeChoices, drawMessage } from "./message.js";
import { part, say } from "./words.js";

const log = part("log");
const jump = part("jump");

/** @type {Map<number, HTMLElement>} */
const shown = new Map();

/** @type {{ message: Message, article: HTMLElement } | null} */
let open = null;

/** @type {Array<{ message: Message, article: HTMLElement }>} choices under a worker's reply, open until they are used */
const replies = [];

/** @type {(picks: Choice[], article: HTMLElement) => void} */
let onPress = () => {};

/** @type {(controls: Control[]) => void} */
let onControls = () => {};

/**
 * @param {(picks: Choice[], article: HTMLElement) => void} press
 * @param {(controls: Control[]) => void} controls
 */
export function watchLog(press, controls) {
  onPress = press;
  onControls = controls;
  jump.addEventListener("click", () => {
    scrollTo(log.lastElementChild);
    log.focus({ preventScroll: true });
  });
  log.addEventListener("scroll", () => atEnd() && (jump.hidden = true), { passive: true });
}

/** The number of the last message that is shown. */
export function lastNumber() {
  return Math.max(0, ...shown.keys());
}

/** Whether a message is saved and still waits for its answer. */
export function waiting() {
  return Boolean(log.querySelector(".held"));
}

/**
 * Adds what is not there yet.
 * @param {Message[]} messages in order
 * @param {{ fresh?: boolean, mine?: boolean }} how `mine`: the young person has just acted, so the view follows
 */
export function add(messages, { fresh = true, mine = true } = {}) {
  const follow = mine || atEnd();
  /** @type {HTMLElement | null} */
  let first = null;
  for (const message of messages) {
    if (message.n !== null && message.n !== undefined && shown.has(message.n)) continue;
    // someone pressed "Tell someone now" and wrote nothing
    if (message.from === "me" && !message.text) continue;
    const article = drawMessage(message, { fresh, press: (picks) => onPress(picks, article) });
    const before = /** @type {HTMLElement | null} */ (log.lastElementChild);
    article.classList.toggle("is-next", before?.dataset.group === group(message));
    article.dataset.group = group(message);
    if (fresh) article.classList.add("is-fresh");
    log.append(article);
    if (message.n !== null && message.n !== undefined) shown.set(message.n, article);
    if (message.from === "me") markAnswer(message);
    else settle(message, article, fresh);
    if (!first || (first.classList.contains("from-me") && message.from !== "me")) first = article;
  }
  if (!fresh) obey(messages);
  if (!first) return;
  if (!fresh) log.scrollTop = log.scrollHeight;
  else if (follow) scrollTo(first);
  else jump.hidden = false;
}

/** @param {Message} message */
function group(message) {
  return `${message.from} ${["safety", "summary", "notice"].includes(message.kind) ? message.kind : ""}`;
}

/**
 * An answer from the other side: nothing before it waits any more, and its buttons take the place of older ones.
 * @param {Message} message
 * @param {HTMLElement} article
 * @param {boolean} fresh
 */
function settle(message, article, fresh) {
  for (const note of /** @type {NodeListOf<HTMLElement>} */ (log.querySelectorAll(".held"))) {
    note.classList.remove("held");
    note.dataset.word = "saved";
    note.textContent = say("saved");
  }
  if (message.from === "worker") {
    if (message.choices?.length) replies.push({ message, article });
    return;
  }
  if (!message.choices?.length && !message.controls?.length) return;
  // some questions wait longer than the next one; in a transcript the server says which can still be pressed
  if (open && (open.message.stays_open || (!fresh && open.message.open))) replies.push(open);
  else if (open) closeChoices(open.article, []);
  open = { message, article };
  onControls(message.controls ?? []);
}

/**
 * Closes what the server says is closed.
 * @param {Message[]} messages
 */
function obey(messages) {
  for (const message of messages) {
    const article = shown.get(message.n ?? 0);
    if (article && message.open === false) close(article, []);
  }
}

/**
 * In a transcript that is read again, the words I said after a question show what I picked there.
 * @param {Message} message
 */
function markAnswer(message) {
  for (const asked of [open, ...replies]) {
    const picked = (asked?.message.choices ?? []).filter((choice) => message.text === choice.label || message.text.split(/, |\n/).includes(choice.label));
    if (asked && picked.length) close(asked.article, picked);
  }
}

/**
 * The choices under this message are used up.
 * @param {HTMLElement} article
 * @param {Choice[]} picks
 */
export function close(article, picks) {
  closeChoices(article, picks.map((choice) => choice.id));
  if (article === open?.article) onControls([]);
}

/** Closes the open question, when the server says that it is an old one. */
export function closeOpen() {
  if (open) close(open.article, []);
}

/** The group of choices that can be pressed now, if the open question has any. */
export function openChoices() {
  const choices = open?.article.querySelector(".choices");
  return open?.article.classList.contains("is-closed") ? null : /** @type {HTMLElement | null} */ (choices);
}

export function empty() {
  log.replaceChildren();
  shown.clear();
  replies.length = 0;
  open = null;
  jump.hidden = true;
  onControls([]);
}

function atEnd() {
  return log.scrollHeight - log.scrollTop - log.clientHeight < 80;
}

/** @param {Element | null} article its top is shown, or the end of the list when everything after it fits */
function scrollTo(article) {
  const smooth = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  article?.scrollIntoView({ block: "start", behavior: smooth ? "smooth" : "auto" });
}
