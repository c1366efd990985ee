/** The one thing kept on the device: the token of the open chat, in this tab, until it is left. */

const KEY = "chat";

/** @type {string | null} */
let held = null;

/** @returns {string | null} */
export function token() {
  try {
    return sessionStorage.getItem(KEY) ?? held;
  } catch {
    return held;
  }
}

/** @param {string} fresh */
export function keep(fresh) {
  held = fresh;
  try {
    sessionStorage.setItem(KEY, fresh);
  } catch {
    // storage is forbidden here; the chat then lasts until the page is closed
  }
}

/** Forgets the chat on this device and gives back its token, so that the server can be told. */
export function forget() {
  const last = token();
  held = null;
  try {
    sessionStorage.clear();
  } catch {
    // nothing was stored
  }
  return last;
}
