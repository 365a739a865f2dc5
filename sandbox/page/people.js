// The people: who you are, who else there is, and what they have not read.

import { api } from "./api.js";
import { summary } from "./bubble.js";
import { button, byId, clock, el, nameOf, paintFace } from "./dom.js";
import { openForm } from "./overlays.js";

export class People {
  constructor({ choose }) {
    this.all = new Map();
    this.unread = new Map();
    this.current = null;
    this.choose = choose;
    byId("add-person").addEventListener("click", () => this.askForNew());
    byId("open-people").addEventListener("click", () => this.#drawer(!this.#isOpen()));
    byId("shade").addEventListener("click", () => this.#drawer(false));
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.#drawer(false));
  }

  fill(users) {
    this.all = new Map(users.map((person) => [person.id, person]));
    this.#draw();
  }

  update(person) {
    this.all.set(person.id, person);
    this.#draw();
  }

  /** A message came or changed: it may be the newest, and it may be unread. */
  heard(userId, message, isNew) {
    const person = this.all.get(userId);
    if (!person) return;
    if (isNew || person.last_message?.message_id === message.message_id) person.last_message = message;
    if (isNew && message.by_bot && userId !== this.current) {
      this.unread.set(userId, (this.unread.get(userId) ?? 0) + 1);
    }
    this.#draw();
  }

  select(userId) {
    this.current = userId;
    this.unread.delete(userId);
    this.#drawer(false);
    this.#draw();
  }

  askForNew() {
    byId("person-form").reset();
    openForm(byId("person-dialog"), async (form) => {
      const { first_name: firstName, last_name: lastName, invite } = Object.fromEntries(form);
      await this.choose((await this.add(firstName, lastName, invite)).id);
    });
  }

  /** Somebody new, with a username made from the name. */
  add(firstName, lastName = "", invite = "") {
    const username = this.#freeUsername(firstName);
    return api.addUser({ first_name: firstName, last_name: lastName || null, username, invite });
  }

  #freeUsername(firstName) {
    const plain = firstName.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]/g, "");
    const stem = plain.length >= 5 ? plain : `${plain || "person"}_here`;
    const taken = new Set([...this.all.values()].map((person) => person.username));
    let name = stem;
    for (let number = 2; taken.has(name); number++) name = `${stem}${number}`;
    return name;
  }

  #isOpen() {
    return byId("people").classList.contains("open");
  }

  #drawer(open) {
    if (open === this.#isOpen()) return;
    byId("people").classList.toggle("open", open);
    byId("shade").hidden = !open;
    byId("open-people").setAttribute("aria-expanded", String(open));
    if (open) byId("people-list").querySelector("[aria-current], .person")?.focus();
  }

  #draw() {
    const focused = document.activeElement?.dataset?.user;
    const rows = [...this.all.values()].map((person) => el("li", {}, this.#row(person)));
    byId("people-list").replaceChildren(...rows);
    if (focused) byId("people-list").querySelector(`[data-user="${Number(focused)}"]`)?.focus();
    this.#drawMe();
  }

  #row(person) {
    const last = person.last_message;
    const unread = this.unread.get(person.id) ?? 0;
    const state = person.deactivated ? "deleted account" : person.blocked ? "blocked the bot" : "";
    const facts = [nameOf(person), person.is_admin && "admin", state, unread && `${unread} unread`];
    const label = facts.filter(Boolean).join(", ");
    const snippet = state || (last ? summary(last) : "not started yet");
    const tag = person.is_admin ? el("span", { className: "tag" }, "admin") : "";
    const aria = person.id === this.current ? { label, current: "true" } : { label };
    return button(
      () => this.choose(person.id),
      { className: "person", data: { user: person.id }, aria },
      paintFace(el("span", { className: "avatar" }), person.id, nameOf(person)),
      el("span", { className: "name" }, nameOf(person), tag),
      el("span", { className: "time" }, last ? clock(last.date) : ""),
      el("span", { className: "snippet" }, snippet),
      unread ? el("span", { className: "badge" }, String(unread)) : "",
    );
  }

  #drawMe() {
    const me = this.all.get(this.current);
    byId("who-name").textContent = me ? me.first_name : "People";
    if (me) paintFace(byId("who-avatar"), me.id, nameOf(me));
    const others = [...this.unread.values()].reduce((sum, count) => sum + count, 0);
    byId("who-badge").textContent = String(others);
    byId("who-badge").hidden = !others;
    const who = `People. You are ${me ? nameOf(me) : "nobody yet"}`;
    byId("open-people").setAttribute("aria-label", others ? `${who}, ${others} unread elsewhere` : who);
  }
}
