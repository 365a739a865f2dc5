// Text with Telegram's entities, as elements. Offsets are UTF-16 units, like JavaScript's own.

import { button, el } from "./dom.js";
import { toast } from "./overlays.js";

const PLAIN = { bold: "b", italic: "i", underline: "u", strikethrough: "s" };

/** The nodes of a text; `actions` says what links and commands do. */
export function richText(text, entities = [], actions) {
  const ordered = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return between(text, 0, text.length, ordered, actions);
}

function between(text, start, end, entities, actions) {
  const nodes = [];
  let at = start;
  for (let index = 0; index < entities.length; index++) {
    const entity = entities[index];
    const first = Math.max(entity.offset, at);
    const last = Math.min(entity.offset + entity.length, end);
    if (first >= last) continue;
    if (first > at) nodes.push(text.slice(at, first));
    const inside = entities.slice(index + 1).filter((other) => other.offset < last);
    nodes.push(wrap(entity, between(text, first, last, inside, actions), text.slice(first, last), actions));
    at = last;
  }
  if (at < end) nodes.push(text.slice(at, end));
  return nodes;
}

function wrap(entity, children, raw, actions) {
  switch (entity.type) {
    case "bold":
    case "italic":
    case "underline":
    case "strikethrough":
      return el(PLAIN[entity.type], {}, ...children);
    case "code":
      return el("code", { title: "Copy", on: { click: () => copy(raw) } }, raw);
    case "pre":
      return el("pre", { title: "Copy", on: { click: () => copy(raw) } }, raw);
    case "blockquote":
      return el("blockquote", {}, ...children);
    case "expandable_blockquote":
      return unfolding(el("blockquote", { className: "short" }, ...children));
    case "spoiler":
      return spoiler(children);
    case "text_link":
      return actions.link(entity.url, children);
    case "url":
      return actions.link(/^[a-z]+:/i.test(raw) ? raw : `http://${raw}`, children);
    case "bot_command":
      return button(() => actions.say(raw), { className: "command" }, raw);
    default:
      return el("span", {}, ...children);
  }
}

function spoiler(children) {
  const aria = { role: "button", label: "Hidden text. Press to show it." };
  const cover = el("span", { className: "spoiler", tabIndex: 0, aria }, ...children);
  const show = () => {
    cover.classList.add("shown");
    for (const name of ["role", "aria-label", "tabindex"]) cover.removeAttribute(name);
  };
  cover.addEventListener("click", show, { once: true });
  cover.addEventListener("keydown", (event) => (event.key === "Enter" || event.key === " ") && show());
  return cover;
}

function unfolding(quote) {
  quote.tabIndex = 0;
  const toggle = () => quote.classList.toggle("short");
  quote.addEventListener("click", toggle);
  quote.addEventListener("keydown", (event) => event.key === "Enter" && toggle());
  return quote;
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied.");
  } catch {
    toast("This browser does not let the page copy.");
  }
}
