// The messages of the chosen chat, oldest first, and where the view stands in them.

import { bubble } from "./bubble.js";
import { byId, day, el } from "./dom.js";
import { copy } from "./richtext.js";
import { openMenu } from "./overlays.js";

const NEAR_END_PX = 90;
const LONG_PRESS_MS = 500;
const SAME_GROUP_S = 300;

export class Log {
  constructor(actions) {
    this.actions = { ...actions, show: (id) => this.show(id) };
    this.messages = new Map();
    this.wasAtEnd = true;
    this.box = byId("log");
    this.height = this.box.clientHeight;
    this.box.addEventListener("scroll", () => this.#updateEnd());
    this.box.addEventListener("contextmenu", (event) => this.#menu(event, event.clientX, event.clientY));
    this.box.addEventListener("pointerdown", (event) => this.#longPress(event));
    byId("to-end").addEventListener("click", () => this.toEnd(true));
    this.box.addEventListener("load", () => this.#settle(), true); // a picture takes its room late
    new ResizeObserver(() => this.#settle()).observe(this.box);
  }

  /** Show a chat from the beginning; `about` is what an empty one says of the bot. */
  fill(messages, about) {
    this.messages = new Map(messages.map((message) => [message.message_id, message]));
    this.box.replaceChildren(...messages.map((message) => bubble(message, this.actions)));
    if (!messages.length) this.box.append(about);
    this.#regroup();
    this.toEnd();
  }

  add(message) {
    if (!this.messages.size) this.box.replaceChildren();
    const follow = this.wasAtEnd || !message.by_bot;
    this.messages.set(message.message_id, message);
    this.box.append(bubble(message, this.actions));
    this.#regroup();
    if (follow) this.toEnd();
    this.#updateEnd();
  }

  edit(message) {
    const stay = this.wasAtEnd;
    this.messages.set(message.message_id, message);
    this.#row(message.message_id)?.replaceWith(bubble(message, this.actions));
    this.#regroup();
    if (stay) this.toEnd();
  }

  remove(messageId) {
    this.messages.delete(messageId);
    this.#row(messageId)?.remove();
    this.#regroup();
  }

  show(messageId) {
    this.#row(messageId)?.scrollIntoView({ block: "center", behavior: "smooth" });
  }

  toEnd(smooth = false) {
    this.box.scrollTo({ top: this.box.scrollHeight, behavior: smooth ? "smooth" : "instant" });
    this.wasAtEnd = true;
  }

  #row(messageId) {
    return this.box.querySelector(`[data-id="${Number(messageId)}"]`);
  }

  /** After a change of room: at the end if it was there, else where it is. */
  #settle() {
    this.height = this.box.clientHeight;
    if (this.wasAtEnd) this.toEnd();
    else this.#updateEnd();
  }

  #updateEnd() {
    // When the bot's keyboard takes room, the scroll event comes before the observer's call. Nobody
    // has scrolled then, and where the view stood must not be forgotten.
    if (this.box.clientHeight !== this.height) return;
    const left = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight;
    this.wasAtEnd = left < NEAR_END_PX;
    byId("to-end").hidden = this.wasAtEnd;
  }

  /** Days between the messages, and a tail on the last of each group. */
  #regroup() {
    for (const old of this.box.querySelectorAll(".day")) old.remove();
    let before = null;
    for (const row of this.box.querySelectorAll(".row")) {
      const message = this.messages.get(Number(row.dataset.id));
      const newDay = !before || day(before.message.date) !== day(message.date);
      if (newDay) row.before(el("div", { className: "day" }, day(message.date)));
      const together =
        !newDay &&
        before.message.by_bot === message.by_bot &&
        message.date - before.message.date < SAME_GROUP_S;
      row.classList.toggle("first", !together);
      row.classList.add("last");
      if (together) before.row.classList.remove("last");
      before = { row, message };
    }
  }

  #longPress(event) {
    if (event.pointerType !== "touch") return;
    const timer = setTimeout(() => this.#menu(event, event.clientX, event.clientY), LONG_PRESS_MS);
    const stop = () => clearTimeout(timer);
    for (const name of ["pointerup", "pointercancel", "pointermove"]) {
      this.box.addEventListener(name, stop, { once: true });
    }
  }

  #menu(event, x, y) {
    const row = event.target.closest?.(".row");
    if (!row || event.target.closest("a")) return;
    event.preventDefault();
    const message = this.messages.get(Number(row.dataset.id));
    const menu = byId("message-menu");
    const words = message.text ?? message.caption;
    const items = [["Reply", () => this.actions.reply(message)]];
    if (words) items.push(["Copy text", () => copy(words)]);
    openMenu(menu, items);
    menu.style.left = `${Math.max(8, Math.min(x, innerWidth - menu.offsetWidth - 8))}px`;
    menu.style.top = `${Math.max(8, Math.min(y, innerHeight - menu.offsetHeight - 8))}px`;
  }
}
