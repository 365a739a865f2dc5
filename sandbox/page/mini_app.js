// A Mini App in a sheet over the chat, as Telegram shows it: its frame, its head, and Telegram's
// protocol with the script in the frame.

import { api } from "./api.js";
import { button, byId } from "./dom.js";
import { startCode } from "./links.js";
import { openMenu } from "./overlays.js";

const DARK = matchMedia("(prefers-color-scheme: dark)");
const POPUP_LABELS = { ok: "OK", close: "Close", cancel: "Cancel" };

export class MiniApp {
  constructor({ openStart, chooseAd }) {
    this.openStart = openStart;
    this.sheet = byId("mini-app");
    this.frame = null;
    this.#clear();
    addEventListener("message", (event) => this.#heard(event));
    DARK.addEventListener("change", () => this.#sendTheme());
    addEventListener("resize", () => this.#sendHeight());
    this.sheet.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.askToClose();
    });
    byId("mini-app-close").addEventListener("click", () => this.askToClose());
    byId("mini-app-back").addEventListener("click", () => this.#send("back_button_pressed"));
    byId("mini-app-main").addEventListener("click", () => this.#send("main_button_pressed"));
    const opener = byId("mini-app-menu-button");
    opener.addEventListener("click", () => {
      const items = [["Reload page", () => this.#load()], ["Choose the next ad …", chooseAd]];
      openMenu(byId("mini-app-menu"), items, { opener });
    });
  }

  /** Open it as a person: from a message's button, or, without a message, from the menu button. */
  async open(userId, bot, { url = "", messageId = 0 } = {}) {
    const launch = await api.openApp(userId, { url, message_id: messageId, scheme: scheme() });
    this.launch = launch;
    this.bot = bot;
    byId("mini-app-name").textContent = bot.first_name;
    if (!this.sheet.open) this.sheet.showModal();
    this.#load();
  }

  /** Close it, after a question when the app wants one. */
  askToClose() {
    if (!this.confirmClosing) return this.close();
    const buttons = [{ id: "close", type: "destructive", text: "Close anyway" }, { type: "cancel" }];
    const message = "Changes that you made may not be saved.";
    return this.#popup({ message, buttons }, (id) => id === "close" && this.close());
  }

  close() {
    this.#clear();
    byId("app-popup").close();
    this.sheet.close();
  }

  #clear() {
    this.frame?.remove();
    this.frame = null;
    this.confirmClosing = false;
    byId("mini-app-back").hidden = true;
    byId("mini-app-main").hidden = true;
  }

  #load() {
    this.#clear();
    this.sheet.classList.add("loading");
    const frame = document.createElement("iframe");
    frame.title = `Mini App of ${this.bot.first_name}`;
    frame.allow = "clipboard-write; fullscreen; autoplay";
    // As in Telegram's web clients: the app cannot lead the window around it elsewhere.
    frame.sandbox =
      "allow-scripts allow-same-origin allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox";
    frame.addEventListener("load", () => this.sheet.classList.remove("loading"));
    frame.src = this.launch.url;
    this.frame = frame;
    byId("mini-app-frame").append(frame);
    frame.focus();
  }

  /** Only the app's own pages are heard: Telegram refuses the methods to other origins. */
  #heard({ source, origin, data }) {
    if (!this.frame || source !== this.frame.contentWindow || typeof data !== "string") return;
    if (origin !== new URL(this.launch.page).origin) return;
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      return; // not the protocol
    }
    this.#do(message.eventType, message.eventData ?? {});
  }

  #do(name, data) {
    switch (name) {
      case "web_app_ready":
        return this.sheet.classList.remove("loading");
      case "web_app_close":
        return this.close();
      case "web_app_request_theme":
        return this.#sendTheme();
      case "web_app_request_viewport":
        return this.#sendHeight();
      case "web_app_request_safe_area":
      case "web_app_request_content_safe_area":
        // The sheet has a head of its own: nothing covers the frame.
        return this.#send(`${name.slice("web_app_request_".length)}_changed`, { top: 0, bottom: 0, left: 0, right: 0 });
      case "web_app_setup_back_button":
        byId("mini-app-back").hidden = !data.is_visible;
        return undefined;
      case "web_app_setup_main_button":
        return this.#mainButton(data);
      case "web_app_setup_closing_behavior":
        this.confirmClosing = Boolean(data.need_confirmation);
        return undefined;
      case "web_app_open_popup":
        return this.#popup(data, (id) => this.#send("popup_closed", id === null ? {} : { button_id: id }));
      case "web_app_open_link":
        return /^https?:/i.test(data.url) && window.open(data.url, "_blank", "noopener");
      case "web_app_open_tg_link":
        return this.#openTelegramLink(`https://t.me${data.path_full}`);
      default:
        return undefined; // haptics, colours and swipes have no meaning here
    }
  }

  #openTelegramLink(address) {
    const code = startCode(address, this.bot.username);
    if (code === null) window.open(address, "_blank", "noopener");
    else if (code) this.openStart(code, address);
    else this.close(); // a plain link to the bot: its chat is below
  }

  #mainButton({ is_visible: isVisible, is_active: isActive, is_progress_visible: busy, text, color, text_color: textColor }) {
    const main = byId("mini-app-main");
    const theme = this.launch.themes[scheme()];
    main.hidden = !isVisible;
    main.disabled = isActive === false || Boolean(busy);
    main.textContent = busy ? "…" : (text ?? "");
    main.style.background = color ?? theme.button_color;
    main.style.color = textColor ?? theme.button_text_color;
    this.#sendHeight();
  }

  #popup({ title, message, buttons }, closed) {
    const dialog = byId("app-popup");
    let chosen = null;
    const choice = ({ id = "", type = "default", text }) => {
      const choose = () => {
        chosen = type === "cancel" && !id ? null : id;
        dialog.close();
      };
      const className = type === "destructive" ? "plain danger" : "plain";
      return button(choose, { className }, POPUP_LABELS[type] ?? text);
    };
    byId("app-popup-title").textContent = title ?? "";
    byId("app-popup-title").hidden = !title;
    byId("app-popup-text").textContent = message;
    byId("app-popup-choices").replaceChildren(...buttons.map(choice));
    dialog.onclose = () => closed(chosen);
    if (!dialog.open) dialog.showModal();
  }

  #sendTheme() {
    if (this.frame) this.#send("theme_changed", { theme_params: this.launch.themes[scheme()] });
  }

  #sendHeight() {
    if (!this.frame) return;
    const { clientHeight: height, clientWidth: width } = this.frame;
    this.#send("viewport_changed", { height, width, is_expanded: true, is_state_stable: true });
  }

  #send(eventType, eventData = null) {
    this.frame?.contentWindow.postMessage(JSON.stringify({ eventType, eventData }), new URL(this.launch.page).origin);
  }
}

const scheme = () => (DARK.matches ? "dark" : "light");
