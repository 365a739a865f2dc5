// The line to write on: text, attachment, reply, commands, and the bot's keyboard below it.

import { button, byId, el, nameOf } from "./dom.js";
import { summary } from "./bubble.js";
import { closeMenu, openMenu, toast } from "./overlays.js";

export class Composer {
  constructor({ say, sendFile, openApp }) {
    this.send = { say, sendFile };
    this.replyTo = null;
    this.commands = [];
    this.keyboard = null;
    this.text = byId("text");
    this.box = byId("reply-keyboard");
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#say(this.text.value, { typed: true });
    });
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        byId("composer").requestSubmit();
      } else if (event.key === "Escape") this.reply(null);
    });
    this.text.addEventListener("input", () => this.#typed());
    byId("attach").addEventListener("click", () => byId("file").click());
    byId("file").addEventListener("change", () => this.#attach());
    byId("stop-replying").addEventListener("click", () => this.reply(null));
    byId("commands-button").addEventListener("click", () => this.#offer(this.commands, true));
    byId("app-button").addEventListener("click", openApp);
    byId("keyboard-button").addEventListener("click", () => this.#showKeyboard(this.box.hidden));
  }

  reply(message) {
    this.replyTo = message;
    byId("replying").hidden = !message;
    if (!message) return;
    byId("replying-to").textContent = `Reply to ${message.by_bot ? nameOf(message.from) : "yourself"}`;
    byId("replying-text").textContent = summary(message);
    this.text.focus();
  }

  setCommands(commands, menuButton) {
    this.commands = commands;
    const opensApp = menuButton?.type === "web_app";
    byId("commands-button").hidden = !commands.length || opensApp;
    byId("app-button").hidden = !opensApp;
    byId("app-button").textContent = opensApp ? menuButton.text : "";
  }

  setKeyboard(keyboard) {
    this.keyboard = keyboard;
    const rows = keyboard?.keyboard ?? [];
    this.text.placeholder = keyboard?.input_field_placeholder ?? "Message";
    this.box.replaceChildren(
      ...rows.map((row) => el("div", {}, ...row.map((one) => this.#replyButton(one)))),
    );
    this.box.classList.toggle("tall", !keyboard?.resize_keyboard);
    byId("keyboard-button").hidden = !rows.length;
    this.#showKeyboard(rows.length > 0);
  }

  /** Whether there is a line to write on at all. */
  show(shown) {
    if (byId("composer").hidden === !shown) return;
    byId("composer").hidden = !shown;
    this.#showKeyboard(shown && this.box.hasChildNodes());
  }

  /** Everything as for a chat just opened. */
  clear() {
    this.text.value = "";
    this.#grow();
    this.reply(null);
  }

  #replyButton(given) {
    const press = () => {
      const unusual = Object.keys(given).find((name) => name !== "text");
      if (unusual) toast("The pretend Telegram does not know this kind of button.");
      else this.#say(given.text, { typed: false });
      if (this.keyboard?.one_time_keyboard) this.#showKeyboard(false);
    };
    return button(press, {}, given.text);
  }

  #showKeyboard(shown) {
    this.box.hidden = !shown;
    byId("keyboard-button").setAttribute("aria-expanded", String(shown));
  }

  async #say(text, { typed }) {
    if (!text.trim()) return;
    closeMenu();
    const replyTo = typed ? this.replyTo?.message_id : 0;
    if (typed) this.clear();
    const sent = await this.send.say(text, replyTo);
    if (!sent && typed) {
      this.text.value = text;
      this.#grow();
    }
  }

  async #attach() {
    const [file] = byId("file").files;
    byId("file").value = "";
    if (!file) return;
    const sent = await this.send.sendFile(file, this.text.value.trim(), this.replyTo?.message_id ?? 0);
    if (sent) this.clear();
  }

  #typed() {
    this.#grow();
    const typed = this.text.value;
    const isCommand = /^\/\w*$/.test(typed);
    const fitting = this.commands.filter(({ command }) => isCommand && `/${command}`.startsWith(typed));
    if (fitting.length) this.#offer(fitting, false);
    else closeMenu();
  }

  #offer(commands, focus) {
    if (focus && !byId("commands").hidden) return closeMenu();
    const items = commands.map(({ command, description }) => [
      [el("b", {}, `/${command}`), el("span", {}, description)],
      () => this.#say(`/${command}`, { typed: true }),
    ]);
    return openMenu(byId("commands"), items, { opener: byId("commands-button"), focus });
  }

  #grow() {
    this.text.style.height = "auto";
    if (this.text.value) this.text.style.height = `${this.text.scrollHeight}px`;
  }
}
