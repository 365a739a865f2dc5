// One message as an element: quote, picture, file, words, time, inline keyboard.

import { button, byId, clock, el, nameOf, size } from "./dom.js";
import { copy, richText } from "./richtext.js";
import { toast } from "./overlays.js";

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
  const aria = { role: "article", label: `${who}, ${clock(message.date)}` };
  const row = el("div", { className: "row", data: { id: message.message_id }, aria }, frame);
  row.classList.toggle("own", own);
  row.classList.toggle("has-keyboard", Boolean(rows));
  return row;
}

function replyButton(message, actions) {
  const icon = byId("reply-icon").content.cloneNode(true);
  return button(() => actions.reply(message), { className: "icon answer", aria: { label: "Reply" } }, icon);
}

function content(message, actions) {
  const parts = [];
  if (message.forward_origin) {
    const words = `Forwarded from ${nameOf(message.forward_origin.sender_user)}`;
    parts.push(el("div", { className: "forwarded" }, words));
  }
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
  const sent = message.by_bot ? "" : el("span", { aria: { hidden: "true" } }, " ✓✓");
  return el("span", { className: "meta" }, edited, clock(message.date), sent);
}

function quote(replied, actions) {
  return button(
    () => actions.show(replied.message_id),
    { className: "quoted" },
    el("strong", {}, nameOf(replied.from)),
    el("span", {}, summary(replied)),
  );
}

function picture(photo) {
  const address = `/sandbox/files/${photo.file_id}`;
  const image = el("img", { src: address, alt: "Picture", loading: "lazy" });
  if (photo.width) Object.assign(image, { width: photo.width, height: photo.height });
  const link = el("a", { className: "picture", href: address, target: "_blank", rel: "noopener" }, image);
  const words = "A picture at an address on the internet: not fetched.";
  image.addEventListener("error", () => image.replaceWith(el("span", {}, words)));
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
  const made = rows.map((row) => el("div", {}, ...row.map((one) => inlineButton(message, one, actions))));
  return el("div", { className: "inline" }, ...made);
}

function inlineButton(message, given, actions) {
  const corner = (kind, sign = "") =>
    el("span", { className: `corner ${kind}`, aria: { hidden: "true" } }, sign);
  if (given.url) return actions.link(given.url, [given.text, corner("out", "↗")]);
  if (given.web_app) {
    const open = () => actions.openApp(message, given.web_app.url);
    return button(open, { aria: { haspopup: "dialog" } }, given.text, corner("app"));
  }
  if (given.copy_text) return button(() => copy(given.copy_text.text), {}, given.text, corner("copy"));
  if (given.callback_data === undefined) {
    return button(() => toast("The pretend Telegram has no inline search."), {}, given.text);
  }
  const made = button(async () => {
    if (made.classList.contains("busy")) return;
    made.classList.add("busy");
    made.setAttribute("aria-busy", "true");
    await actions.press(message, given.callback_data);
    made.classList.remove("busy");
    made.removeAttribute("aria-busy");
  }, {}, given.text);
  return made;
}
