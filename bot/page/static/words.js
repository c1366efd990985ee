/** The page's words, its data, and the style they are shown in. */

const html = document.documentElement;

/** @type {PageData} */
export const page = JSON.parse(part("page-data").textContent ?? "");

/**
 * The element with this id; the template always has it.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function part(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** @returns {Style} */
export function style() {
  return html.dataset.style === "easy" ? "easy" : "standard";
}

/**
 * The sentence of a key in today's style, with `{name}` filled in.
 * @param {string} key
 * @param {Record<string, unknown>} [values]
 */
export function say(key, values = {}) {
  return page.words[style()][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/**
 * Shows the whole page in another style.
 * @param {Style} next
 */
export function wear(next) {
  html.dataset.style = next;
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-word]"))) {
    element.textContent = say(element.dataset.word ?? "", element.dataset);
  }
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-word-label]"))) {
    element.setAttribute("aria-label", say(element.dataset.wordLabel ?? ""));
  }
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-word-hint]"))) {
    element.setAttribute("placeholder", say(element.dataset.wordHint ?? ""));
  }
}

/**
 * An element that says `key`, and says it in the new style when the style changes.
 * @param {string} tag
 * @param {string} key
 * @param {string} [className]
 */
export function saying(tag, key, className = "") {
  const element = make(tag, className);
  element.dataset.word = key;
  element.textContent = say(key);
  return element;
}

/**
 * @param {string} tag
 * @param {string} [className]
 * @param {string} [text]
 * @returns {HTMLElement}
 */
export function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

/** @param {string} name a symbol of icons.html */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#${name}`);
  drawing.append(use);
  return drawing;
}

/** @param {string | null | undefined} name a picture of data/pathways/pictures.yml; the label beside it says what it means */
export function picture(name) {
  if (!name || !/^\w+$/.test(name)) return "";
  const image = document.createElement("img");
  image.className = "picture";
  image.alt = "";
  image.width = 32;
  image.height = 32;
  image.src = `/assets/pictures/${name}.svg`;
  return image;
}
