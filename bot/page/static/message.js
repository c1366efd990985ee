/** Draws one message. Words go in as text and never as markup, whoever wrote them. */

import { helpList } from "./help.js";
import { readAloud } from "./voice.js";
import { icon, make, picture, say, saying } from "./words.js";

/**
 * @param {Message} message
 * @param {{ fresh: boolean, press: (picks: Choice[]) => void }} how `fresh`: it came just now, so that danger is announced at once
 */
export function drawMessage(message, { fresh, press }) {
  const article = make("div", `message from-${message.from} kind-${message.kind}`);
  if (message.kind === "safety" && fresh) article.setAttribute("role", "alert");
  article.append(who(message));
  const bubble = make("div", "bubble");
  if (message.progress) bubble.append(progress(message.progress));
  bubble.append(...words(message));
  if (message.help?.length) bubble.append(helpList(message.help));
  const line = make("div", "line");
  line.append(bubble);
  if (message.from !== "me") line.append(readButton(message.text));
  article.append(line);
  if (message.from === "me") article.append(message.held ? saying("p", "held", "saved held") : saying("p", "saved", "saved"));
  if (message.choices?.length) article.append(choices(message, press));
  return article;
}

/** @param {Message} message */
function who(message) {
  const line = make("p", "who");
  if (message.from === "me") {
    line.append(saying("span", "from_me"));
  } else if (message.from === "worker") {
    line.append(picture("worker"), saying("span", "from_worker"));
    if (message.at) line.append(when(message.at));
  } else {
    line.append(icon("mark"), saying("span", "from_bot"), saying("span", "from_bot_is", "chip"));
  }
  const kind = { safety: "safety_label", summary: "summary_label", notice: "notice_label", text: "", question: "" }[message.kind];
  if (kind) line.append(saying("span", kind, "kind"));
  return line;
}

/** @param {string} at */
function when(at) {
  const time = /** @type {HTMLTimeElement} */ (make("time", "when"));
  time.dateTime = at;
  time.textContent = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(new Date(at));
  return time;
}

/** @param {Message} message */
function words(message) {
  const [first, ...rest] = message.kind === "summary" ? message.text.split("\n") : [message.text];
  const lines = rest.length ? [make("p", "asked", first), make("p", "words", rest.join("\n"))] : [make("p", "words", first)];
  for (const line of lines) line.dir = "auto";
  return lines;
}

/** @param {{ at: number, of: number }} step */
function progress(step) {
  const line = make("p", "progress");
  const bar = document.createElement("progress");
  bar.max = step.of;
  bar.value = step.at;
  bar.setAttribute("aria-label", say("progress_label", step));
  const text = make("span", "", say("progress", step));
  text.setAttribute("aria-hidden", "true");
  line.append(bar, text);
  return line;
}

/** @param {string} text */
function readButton(text) {
  const button = /** @type {HTMLButtonElement} */ (make("button", "read"));
  button.type = "button";
  button.append(icon("i-voice"), saying("span", "read_aloud"));
  button.addEventListener("click", () => readAloud(button, text));
  return button;
}

/**
 * @param {Message} message
 * @param {(picks: Choice[]) => void} press
 */
function choices(message, press) {
  const group = make("div", "choices");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", message.text);
  group.tabIndex = -1;
  const offered = message.choices ?? [];
  const buttons = offered.map((choice) => choiceButton(choice));
  if (!message.many) {
    buttons.forEach((button, i) => button.addEventListener("click", () => press([offered[i]])));
    group.append(...buttons);
    return group;
  }
  const done = /** @type {HTMLButtonElement} */ (make("button", "choice done"));
  done.type = "button";
  done.disabled = true;
  done.append(icon("i-tick"), saying("span", "done"));
  for (const button of buttons) {
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      done.disabled = !buttons.some(isPressed);
    });
  }
  done.addEventListener("click", () => press(offered.filter((_, i) => isPressed(buttons[i]))));
  group.append(saying("p", "pick_many", "quiet"), ...buttons, done);
  return group;
}

/** @param {HTMLElement} button */
function isPressed(button) {
  return button.getAttribute("aria-pressed") === "true";
}

/** @param {Choice} choice */
function choiceButton(choice) {
  const button = /** @type {HTMLButtonElement} */ (make("button", "choice"));
  button.type = "button";
  button.dataset.id = choice.id;
  button.append(picture(choice.picture), make("span", "choice-word", choice.label));
  return button;
}

/**
 * Closes the choices under a message: they stay to be read, the picked ones are marked.
 * @param {HTMLElement} article
 * @param {string[]} picked ids
 */
export function closeChoices(article, picked) {
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (article.querySelectorAll(".choice"))) {
    button.disabled = true;
    if (button.classList.contains("done")) button.hidden = true;
    if (!picked.includes(button.dataset.id ?? "") || button.classList.contains("is-picked")) continue;
    button.classList.add("is-picked");
    button.append(icon("i-tick"), saying("span", "picked", "unseen"));
  }
  article.classList.add("is-closed");
}
