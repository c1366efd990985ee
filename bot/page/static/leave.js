/** Leaves quickly: first nothing to see, then nothing kept, then somewhere dull. */

import { takeHostAway } from "./frame.js";
import { farewell } from "./server.js";
import { forget } from "./session.js";
import { hush } from "./voice.js";
import { make, page, part, say } from "./words.js";

const PRESSES = 3;
const PATIENCE = 5000;

let gone = false;

export function leave() {
  if (gone) return;
  gone = true;
  const blank = make("div", "blank", say("leave_loading"));
  blank.setAttribute("role", "alert");
  document.body.replaceChildren(blank);
  hush();
  farewell(forget());
  document.documentElement.dataset.screen = "start";
  if (!takeHostAway()) location.replace(page.leaveTo);
}

/** The Shift key three times, each within five seconds of the last, and not as part of typing a capital letter. */
export function watchShift() {
  let count = 0;
  let alone = false;
  let timer = 0;
  const status = part("presses");

  /** @param {string} text */
  function announce(text) {
    // an open dialog hides the rest of the page from screen readers
    const place = document.querySelector("dialog[open]") ?? document.body;
    if (status.parentElement !== place) place.append(status);
    status.replaceChildren(...dots(), make("span", "", text));
    status.classList.toggle("is-shown", Boolean(text));
  }

  function dots() {
    return Array.from({ length: PRESSES }, (_, i) => make("span", i < count ? "dot is-on" : "dot"));
  }

  function start(/** @type {boolean} */ late) {
    count = 0;
    announce(late ? say("leave_stopped") : "");
    if (late) timer = window.setTimeout(() => announce(""), PATIENCE);
  }

  addEventListener("keydown", (event) => {
    alone = event.key === "Shift";
    if (!alone && count) {
      clearTimeout(timer);
      start(false);
    }
  });
  addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !alone || gone) return;
    clearTimeout(timer);
    count += 1;
    if (count === PRESSES) {
      leave();
      return;
    }
    announce(say(`leave_presses_${PRESSES - count}`));
    timer = window.setTimeout(() => start(true), PATIENCE);
  });
}

/** A page that the browser kept and shows again is asked for anew, so that it shows what a stranger would see. */
export function watchReturn() {
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}
