/** Asks the server, and turns every way that can go wrong into one shape. */

import { token } from "./session.js";

const PATIENCE = 20_000;

/** The request was refused, or never arrived (`status` 0). */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {Answer} answer
   */
  constructor(status, answer) {
    super(answer.error ?? "unreachable");
    this.status = status;
    this.answer = answer;
  }

  /** Whether the same request may work in a moment. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/**
 * @param {string} path
 * @param {object} [body] sent as JSON; without one it is a GET
 * @returns {Promise<Answer>}
 * @throws {Refused}
 */
export async function ask(path, body) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  const held = token();
  if (held) headers.Authorization = `Bearer ${held}`;
  if (body) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, {
      method: body ? "POST" : "GET",
      headers,
      body: body ? JSON.stringify(body) : null,
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    throw new Refused(0, {});
  }
  /** @type {Answer | null} */
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new Refused(response.status, answer ?? {});
  if (!answer) throw new Refused(0, {});
  return answer;
}

/** Tells the server that the chat is over on this device, in a way that outlives the page. */
export function farewell(/** @type {string | null} */ last) {
  if (last) navigator.sendBeacon("/chat/leave", new Blob([last], { type: "text/plain" }));
}
