/** Talks to the page around the frame: only with an origin from the allow-list, and never about what is said in the chat. */

import { page, part } from "./words.js";

/** @type {string | null} */
let host = null;

/** @param {Record<string, string>} note */
function tellHost(note) {
  if (host) window.parent.postMessage(note, host);
  return Boolean(host);
}

/**
 * Asks the page around the frame to leave.
 * @returns {boolean} whether there is one that listens
 */
export function takeHostAway() {
  return tellHost({ sayso: "leave", to: page.leaveTo });
}

export function listenToHost() {
  if (!page.embedded || window.parent === window) return;
  addEventListener("message", (event) => {
    if (event.source !== window.parent || !page.hosts.includes(event.origin)) return;
    if (event.data?.sayso === "hello") host = event.origin;
  });
  part("frame-close").addEventListener("click", () => tellHost({ sayso: "close" }));
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open]")) tellHost({ sayso: "close" });
  });
}
