/** Reads one message aloud, with a voice that lives on the device: the words are never sent to a speech service. */

import { say, style } from "./words.js";

const speech = window.speechSynthesis;

/** @type {HTMLButtonElement | null} */
let reading = null;

function localVoice() {
  const local = (speech?.getVoices() ?? []).filter((voice) => voice.localService && voice.lang.startsWith("en"));
  return local.find((voice) => voice.lang.replace("_", "-") === "en-GB") ?? local[0];
}

function tellPage() {
  document.documentElement.toggleAttribute("data-voice", Boolean(localVoice()));
}

/** Shows the buttons once the browser has its voices; some have none at first. */
export function watchVoices() {
  tellPage();
  speech?.addEventListener?.("voiceschanged", tellPage);
  addEventListener("pagehide", hush);
}

export function hush() {
  speech?.cancel();
  if (reading) dress(reading, false);
  reading = null;
}

/**
 * @param {HTMLButtonElement} button
 * @param {boolean} on
 */
function dress(button, on) {
  const word = /** @type {HTMLElement} */ (button.querySelector("[data-word]"));
  word.dataset.word = on ? "read_stop" : "read_aloud";
  word.textContent = say(word.dataset.word);
  button.querySelector("use")?.setAttribute("href", on ? "#i-halt" : "#i-voice");
  button.classList.toggle("is-on", on);
}

/**
 * Starts reading, or stops when this message is being read.
 * @param {HTMLButtonElement} button
 * @param {string} text
 */
export function readAloud(button, text) {
  const stop = reading === button;
  hush();
  const voice = localVoice();
  if (stop || !voice) return;
  const words = new SpeechSynthesisUtterance(text);
  words.voice = voice;
  words.lang = voice.lang;
  words.rate = style() === "easy" ? 0.85 : 0.95;
  words.onend = () => reading === button && hush();
  reading = button;
  dress(button, true);
  speech.speak(words);
}
