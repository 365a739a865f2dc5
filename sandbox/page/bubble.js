// One message as an element: quote, picture, file, words, time, inline keyboard.

import { clock, el, nameOf, size } from "./dom.js";
import { copy, richText } from "./richtext.js";
import { toast } from "./overlays.js";

const ARROW = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M10 6 4 12l6 6M4.5 12H14q6 0 6 6" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/></svg>';

/** The words that stand for a message in quotes and in the list of people. */
export function summary(message) {
  const what = message.photo ? "Picture" : message.document ? message.document.file_name ?? "File" : "";
  const words = (message.text ?? message.caption ?? "").replace(/\s+/g, " ");
  return [what, words].filter(Boolean).join(": ");
}

export function bubble(message, actions) {
  const own = !message.by_bot;
  const inner = el("div", { className: "bubble" }, ...content(message, actions));
  const frame = el("div", { className: "with-reply" }, inner);
  const rows = message.reply_markup?.inline_keyboard;
  if (rows) frame.append(inlineKeyboard(message, rows, actions));
  frame.append(replyButton(message, actions));
  const who = own ? "You" : nameOf(message.from);
  const row = el("div", { className: "row", data: { id: message.message_id }, aria: { role: "article", label: `${who}, ${clock(message.date)}` } }, frame);
  row.classList.toggle("own", own);
  row.classList.toggle("has-keyboard", Boolean(rows));
  return row;
}

function replyButton(message, actions) {
  const button = el("button", { type: "button", className: "icon answer", aria: { label: "Reply" }, on: { click: () => actions.reply(message) } });
  button.innerHTML = ARROW; // our own constant: nothing that anybody typed
  return button;
}

function content(message, actions) {
  const parts = [];
  if (message.forward_origin) parts.push(el("div", { className: "forwarded" }, `Forwarded from ${nameOf(message.forward_origin.sender_user)}`));
  if (message.reply_to_message) parts.push(quote(message.reply_to_message, actions));
  if (message.photo) parts.push(picture(message.photo.at(-1)));
  if (message.document) parts.push(file(message.document));
  const words = message.text ?? message.caption ?? "";
  const entities = message.entities ?? message.caption_entities;
  parts.push(el("div", { className: "words" }, ...richText(words, entities, actions), meta(message)));
  return parts;
}

function meta(message) {
  const edited = message.edit_date ? "edited " : "";
  return el("span", { className: "meta" }, `${edited}${clock(message.date)}${message.by_bot ? "" : " ✓✓"}`);
}

function quote(replied, actions) {
  return el(
    "button",
    { type: "button", className: "quoted", on: { click: () => actions.show(replied.message_id) } },
    el("strong", {}, nameOf(replied.from)),
    el("span", {}, summary(replied)),
  );
}

function picture(photo) {
  const address = `/sandbox/files/${photo.file_id}`;
  const image = el("img", { src: address, alt: "Picture", loading: "lazy" });
  if (photo.width) Object.assign(image, { width: photo.width, height: photo.height });
  const link = el("a", { className: "picture", href: address, target: "_blank", rel: "noopener" }, image);
  image.addEventListener("error", () => image.replaceWith(el("span", {}, "A picture at an address on the internet: not fetched.")));
  return link;
}

function file(document) {
  return el(
    "a",
    { className: "file", href: `/sandbox/files/${document.file_id}`, download: document.file_name ?? "file" },
    el("b", { aria: { hidden: "true" } }, "↓"),
    el("span", {}, document.file_name ?? "File", el("small", {}, size(document.file_size))),
  );
}

function inlineKeyboard(message, rows, actions) {
  return el("div", { className: "inline" }, ...rows.map((row) => el("div", {}, ...row.map((button) => inlineButton(message, button, actions)))));
}

function inlineButton(message, button, actions) {
  const corner = (sign) => el("span", { className: "corner", aria: { hidden: "true" } }, sign);
  const address = button.url ?? button.web_app?.url;
  if (address) return el("span", {}, actions.link(address, [button.text, corner("↗")])).firstChild;
  const made = el("button", { type: "button" }, button.text);
  if (button.copy_text) {
    made.append(el("span", { className: "corner copy", aria: { hidden: "true" } }));
    made.addEventListener("click", () => copy(button.copy_text.text));
  } else if (button.callback_data === undefined) {
    made.addEventListener("click", () => toast("The pretend Telegram has no inline search."));
  } else {
    made.addEventListener("click", async () => {
      if (made.classList.contains("busy")) return;
      made.classList.add("busy");
      made.setAttribute("aria-busy", "true");
      await actions.press(message, button.callback_data);
      made.classList.remove("busy");
      made.removeAttribute("aria-busy");
    });
  }
  return made;
}
