/**
 * Sayso on a council's own page: a button that opens the chat in a frame on Sayso's own origin.
 * The page around it can neither read nor reach a word of the chat; it only learns "close" and "leave". See docs/embed.md.
 */
(() => {
  const tag = /** @type {HTMLScriptElement} */ (document.currentScript);
  const origin = new URL(tag.src).origin;
  /** The words are put in by the server (bot/page/routes.py). */
  const words = /** @type {Record<string, string>} */ (/** @type {unknown} */ ("@words@"));
  const phone = matchMedia("(max-width: 40rem), (max-height: 30rem)");
  const ink = "#10312f";
  const paper = "#ffffff";
  /** WCAG 2.2, 1.4.3: letters on the button must stand out this much. */
  const ENOUGH = 4.5;

  /** @param {string} colour six hex digits @returns {number} WCAG relative luminance, 0 to 1 */
  function light(colour) {
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const part = parseInt(colour.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  /** @param {string} one @param {string} other */
  function contrast(one, other) {
    const [dim, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dim + 0.05);
  }

  /** The council's colour and the letters that can be read on it; ours, when it is no colour or nothing can. */
  function colours() {
    const asked = (tag.dataset.colour ?? "").toLowerCase();
    const own = { back: "#0d5c63", letters: paper };
    if (!asked) return own;
    if (/^#[0-9a-f]{6}$/.test(asked)) {
      const letters = [paper, ink].find((letter) => contrast(letter, asked) >= ENOUGH);
      if (letters) return { back: asked, letters };
    }
    console.warn("Sayso: data-colour must be six hex digits, such as #0d5c63, on which white or dark letters can be read.");
    return own;
  }

  const { back, letters } = colours();
  const side = tag.dataset.position === "left" ? "left" : "right";
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial; }
    .launcher {
      position: fixed; ${side}: max(1rem, env(safe-area-inset-${side})); bottom: max(1rem, env(safe-area-inset-bottom)); z-index: 2147483000;
      display: flex; align-items: center; gap: .6rem; min-height: 3.5rem; padding: .5rem 1.4rem .5rem 1rem; box-sizing: border-box;
      max-width: calc(100vw - 2rem); border: 2px solid ${letters}; border-radius: 2rem; background: ${back}; color: ${letters};
      font: 600 1.0625rem/1.2 system-ui, sans-serif; text-align: start; cursor: pointer; box-shadow: 0 .4rem 1.6rem rgb(0 0 0 / .28);
    }
    .launcher:hover { filter: brightness(1.08); }
    .launcher:focus-visible { outline: 3px solid #10312f; outline-offset: 3px; box-shadow: 0 0 0 3px #fff, 0 0 0 9px #ffc44d; }
    svg { flex: none; width: 2rem; height: 2rem; }
    dialog {
      position: fixed; inset: auto; ${side}: 1rem; bottom: 5.5rem; z-index: 2147483001; margin: 0; padding: 0; border: 0; overflow: hidden;
      width: 25.5rem; max-width: calc(100vw - 2rem); height: 44rem; max-height: calc(100dvh - 7rem); border-radius: 1.25rem;
      background: #eef4f1; color-scheme: light dark; box-shadow: 0 0 0 1px rgb(16 49 47 / .16), 0 1.2rem 3.5rem rgb(0 0 0 / .32);
    }
    dialog:modal { inset: 0; width: 100vw; max-width: none; height: 100dvh; max-height: none; border-radius: 0; }
    iframe { display: block; width: 100%; height: 100%; border: 0; }
    @media (forced-colors: active) { .launcher, dialog { border: 2px solid ButtonText; } }
    @media print { .launcher, dialog { display: none; } }
  `);

  const place = document.createElement("div");
  const shadow = place.attachShadow({ mode: "closed" });
  shadow.adoptedStyleSheets = [sheet];

  const launcher = document.createElement("button");
  launcher.type = "button";
  launcher.className = "launcher";
  launcher.setAttribute("aria-haspopup", "dialog");
  launcher.setAttribute("aria-expanded", "false");
  launcher.innerHTML =
    '<svg viewBox="0 0 48 48" aria-hidden="true"><path fill="#ffc44d" d="M15 4h17a11 11 0 0 1 0 22H17.5l-6.7 5.6c-1 .8-2.3.1-2.3-1.2v-5.7A11 11 0 0 1 15 4Z"/>' +
    '<path fill="#fff" d="M33 18a11 11 0 0 1 6.5 19.9v5.7c0 1.3-1.3 2-2.3 1.2L30.5 40H18a11 11 0 0 1 0-22Z"/>' +
    '<path fill="none" stroke="#0d5c63" stroke-width="3" stroke-linecap="round" d="M18.5 28.5c2.9 4.6 11.1 4.6 14 0"/></svg>';
  launcher.append(tag.dataset.label || words.embed_open);

  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", words.embed_title);

  /** @type {HTMLIFrameElement | null} */
  let frame = null;
  /** @type {HTMLElement} */
  let opener = launcher;

  function makeFrame() {
    const made = document.createElement("iframe");
    made.title = words.embed_title;
    made.setAttribute("allow", "");
    made.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox");
    made.referrerPolicy = "no-referrer";
    made.src = `${origin}/embedded`;
    made.addEventListener("load", () => made.contentWindow?.postMessage({ sayso: "hello" }, origin));
    dialog.append(made);
    return made;
  }

  /** @param {HTMLElement} from what gets the focus back */
  function open(from) {
    if (dialog.open) return;
    opener = from;
    frame ??= makeFrame();
    if (phone.matches) dialog.showModal();
    else dialog.show();
    launcher.setAttribute("aria-expanded", "true");
    dressLauncher();
    frame.focus();
  }

  function close() {
    if (!dialog.open) return;
    dialog.close();
    launcher.setAttribute("aria-expanded", "false");
    dressLauncher();
    opener.focus();
  }

  function dressLauncher() {
    launcher.lastChild?.replaceWith(dialog.open ? words.embed_close : tag.dataset.label || words.embed_open);
  }

  /** Leaves the council's page too: what is on it goes first, then the page, without a way back to it. @param {unknown} to */
  function leave(to) {
    place.remove();
    document.documentElement.style.display = "none";
    const target = new URL(String(to), origin);
    location.replace(target.protocol === "https:" || target.origin === origin ? target.href : "https://www.bbc.co.uk/weather");
  }

  launcher.addEventListener("click", () => (dialog.open ? close() : open(launcher)));
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  addEventListener("keydown", (event) => event.key === "Escape" && close());
  addEventListener("message", (event) => {
    if (event.origin !== origin || !frame || event.source !== frame.contentWindow) return;
    if (event.data?.sayso === "close") close();
    if (event.data?.sayso === "leave") leave(event.data.to);
  });

  function settle() {
    const own = tag.dataset.openFrom ? document.querySelectorAll(tag.dataset.openFrom) : [];
    for (const element of own) {
      element.addEventListener("click", (event) => {
        event.preventDefault();
        open(/** @type {HTMLElement} */ (element));
      });
    }
    launcher.hidden = own.length > 0;
    if (launcher.hidden) launcher.style.display = "none";
    shadow.append(launcher, dialog);
    document.body.append(place);
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", settle);
  else settle();
})();
