/** Puts the parts of the page together and moves between the first screen and the chat. */

import * as dock from "./dock.js";
import { listenToHost } from "./frame.js";
import { watchReturn, watchShift } from "./leave.js";
import * as log from "./log.js";
import { watchPanels } from "./panels.js";
import { ask, farewell, Refused } from "./server.js";
import { forget, keep, token } from "./session.js";
import { notice, startChat, watchStart } from "./start.js";
import { hush, watchVoices } from "./voice.js";
import { part, say, wear } from "./words.js";

const EVERY = 15_000;
const EVERY_WHILE_WAITING = 3_000;
const html = document.documentElement;

let timer = 0;

/** @param {"start" | "chat"} screen */
function go(screen) {
  html.dataset.screen = screen;
  window.scrollTo(0, 0);
  clearTimeout(timer);
  if (screen === "chat") timer = window.setTimeout(poll, log.waiting() ? EVERY_WHILE_WAITING : EVERY);
}

/** @param {Answer} answer */
function enter(answer) {
  if (answer.token) keep(answer.token);
  if (answer.style) wear(answer.style);
  notice("");
  log.empty();
  dock.emptyBox();
  go("chat");
  log.add(answer.messages ?? [], { fresh: true });
  if (matchMedia("(pointer: fine)").matches) dock.focusBox();
  else part("log").focus();
}

/** Back to the first screen. What is in the box stays, in case it was not sent. @param {string} why a key */
function ended(why) {
  forget();
  hush();
  log.empty();
  go("start");
  notice(why);
}

async function poll() {
  clearTimeout(timer);
  if (!token() || html.dataset.screen !== "chat") return;
  const status = part("status");
  if (document.visibilityState === "visible") {
    try {
      const answer = await ask(`/chat/messages?after=${log.lastNumber()}`);
      log.add(answer.messages ?? [], { mine: false });
      if (status.dataset.offline) status.textContent = "";
      delete status.dataset.offline;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status === 401) {
        ended("ended");
        return;
      }
      status.dataset.offline = "yes";
      status.textContent = say(navigator.onLine ? "cannot_reach" : "offline");
    }
  }
  timer = window.setTimeout(poll, log.waiting() ? EVERY_WHILE_WAITING : EVERY);
}

/** A reload of a tab with an open chat: the transcript comes from the server, for nothing of it is kept here. */
async function comeBack() {
  part("status").textContent = say("loading");
  try {
    const answer = await ask("/chat/messages?after=0");
    if (answer.style) wear(answer.style);
    log.add(answer.messages ?? [], { fresh: false });
    part("status").textContent = "";
    go("chat");
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.status === 401) ended("ended");
    else {
      part("status").textContent = say("cannot_reach");
      timer = window.setTimeout(comeBack, EVERY_WHILE_WAITING);
    }
  }
}

/** @param {Style} next */
async function restyle(next) {
  wear(next);
  const option = /** @type {HTMLInputElement} */ (document.querySelector(`input[name=style][value=${next}]`));
  option.checked = true;
  if (!token()) return;
  try {
    log.add((await ask("/chat/style", { style: next })).messages ?? []);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    part("status").textContent = say("cannot_reach");
  }
}

function finish() {
  farewell(token());
  dock.emptyBox();
  ended("finished");
}

listenToHost();
watchReturn();
watchShift();
watchVoices();
watchStart(enter);
watchPanels({
  told: (answer) => {
    log.add(answer.messages ?? []);
    if (matchMedia("(pointer: fine)").matches) dock.focusBox();
  },
  ready: async () => {
    forget();
    enter(await startChat());
  },
  restyle,
  finish,
});
dock.watchDock(() => ended("ended"));
log.watchLog((picks, article) => dock.sendPicks(picks, article, Boolean(article.querySelector(".choice.done"))), dock.showControls);
for (const button of document.querySelectorAll("[data-wait]")) button.removeAttribute("disabled");
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && void poll());
if (token()) void comeBack();
