/** People to call, text or look up. The first screen has the same rows from the server (templates/parts.html). */

import { icon, make, say, saying } from "./words.js";

/** So many are in sight; a long list would hide them in itself. */
const IN_SIGHT = 4;

/** @param {HelpRow[]} rows */
export function helpList(rows) {
  const place = document.createDocumentFragment();
  place.append(listOf(rows.slice(0, IN_SIGHT)));
  if (rows.length > IN_SIGHT) {
    const more = make("details", "fold help-more");
    more.append(saying("summary", "more"), listOf(rows.slice(IN_SIGHT)));
    place.append(more);
  }
  return place;
}

/** @param {HelpRow[]} rows */
function listOf(rows) {
  const list = make("ul", "help-list");
  list.append(...rows.map(helpRow));
  return list;
}

/** @param {HelpRow} row */
function helpRow(row) {
  const item = make("li", row.open_now ? "help-row is-open" : "help-row");
  const ways = make("p", "help-ways");
  if (row.call) ways.append(way(`tel:${bare(row.call)}`, "i-call", say("help_call", { number: row.call })));
  if (row.text?.word) {
    const address = `sms:${bare(row.text.to)}?&body=${encodeURIComponent(row.text.word)}`;
    ways.append(way(address, "i-text", say("help_text_word", { word: row.text.word, number: row.text.to })));
  } else if (row.text) {
    ways.append(way(`sms:${bare(row.text.to)}`, "i-text", say("help_text", { number: row.text.to })));
  }
  if (row.web && /^https?:\/\//.test(row.web)) {
    const link = way(row.web, "i-web", say("help_web"));
    link.target = "_blank";
    link.rel = "noopener noreferrer nofollow";
    link.append(make("span", "unseen", ` ${row.name} (${say("new_page")})`));
    ways.append(link);
  }
  item.append(make("p", "help-name", row.name), make("p", "help-open", row.open), make("p", "help-what", row.what), ways);
  return item;
}

/** @param {string} number */
function bare(number) {
  return number.replaceAll(" ", "");
}

/**
 * @param {string} address
 * @param {string} symbol
 * @param {string} text
 */
function way(address, symbol, text) {
  const link = /** @type {HTMLAnchorElement} */ (make("a", "way"));
  link.href = address;
  link.append(icon(symbol), text);
  return link;
}
