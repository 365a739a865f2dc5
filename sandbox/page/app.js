// The simulated Telegram in a browser: the chosen user, their actions, and incoming changes.

import { api, live } from "./api.js";
import { Composer } from "./composer.js";
import { byId, el, nameOf, paintFace } from "./dom.js";
import { askWhoOpens, linkElement } from "./links.js";
import { chooseNextAd } from "./lab.js";
import { Log } from "./log.js";
import { MiniApp } from "./mini_app.js";
import { alertBox, clearToasts, openMenu, toast } from "./overlays.js";
import { showPanel } from "./panel.js";
import { People } from "./people.js";

const TYPING_MS = 5500;
const LOST_AFTER_MS = 600;
const BOT_FACE = 5;

let bot = { username: "" };
let whileLoading = null; // changes of the chosen chat that came while it was being fetched
let fetchedRevision = 0; // what was fetched already holds every change up to this one
let typingTimer = 0;
let lostTimer = 0;

const people = new People({ choose });
const log = new Log({
  say,
  press,
  reply: (message) => composer.reply(message),
  openApp: (message, url) => openApp({ url, messageId: message.message_id }),
  link: (address, children) => linkElement(address, children, bot.username, openStart),
});
const composer = new Composer({ say, sendFile, openApp: () => openApp() });
const chooseAd = () => attempt(chooseNextAd);
const miniApp = new MiniApp({ openStart, chooseAd });

/** Do something as a person; a refusal becomes a toast. */
async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    toast(error.message);
    return null;
  }
}

function say(text, replyTo = 0) {
  return attempt(() => api.say(people.current, text, replyTo));
}

function sendFile(file, caption, replyTo) {
  return attempt(() => api.sendFile(people.current, file, caption, replyTo));
}

async function press(message, data) {
  const pressed = await attempt(() => api.press(people.current, message.message_id, data));
  if (!pressed) return;
  if (!pressed.answer) return toast("The bot has not answered this button.");
  const { text, show_alert: isAlert, url } = pressed.answer;
  if (text && isAlert) alertBox(text);
  else if (text) toast(text);
  if (url) window.open(url, "_blank", "noopener");
}

/** From a button of a message, or from the menu button. */
function openApp(from) {
  return attempt(() => miniApp.open(people.current, bot, from));
}

function openStart(code, address) {
  askWhoOpens(code, address, people, {
    async start(userId, newName) {
      const id = userId ?? (await people.add(newName)).id;
      await api.say(id, `/start ${code}`.trim());
      await choose(id);
    },
  });
}

/** Be this person from now on. */
async function choose(userId) {
  history.replaceState(null, "", `#${userId}`);
  people.select(userId);
  composer.clear();
  miniApp.close();
  clearToasts();
  setTyping(false);
  await loadChat();
}

async function loadChat() {
  const userId = people.current;
  const meanwhile = (whileLoading = []);
  const chat = await attempt(() => api.chat(userId));
  if (whileLoading !== meanwhile) return; // another chat was chosen in the meantime
  whileLoading = null;
  if (!chat) return;
  fetchedRevision = chat.revision;
  people.update(chat.user);
  log.fill(chat.messages, about(chat.description));
  composer.setKeyboard(chat.reply_keyboard);
  composer.setCommands(chat.commands, chat.menu_button);
  showFoot();
  meanwhile.forEach(show);
}

function about(description) {
  const words = description || "Press START to begin.";
  return el("section", { className: "about" }, el("h2", {}, "What can this bot do?"), el("p", {}, words));
}

/** Either the line to write on, or the one button that makes sense. */
function showFoot() {
  const me = people.all.get(people.current);
  const big = byId("big-button");
  const [label, action] = !me
    ? ["Add a person", () => people.askForNew()]
    : me.deactivated
      ? ["This account is deleted", null]
      : me.blocked
        ? ["UNBLOCK", () => attempt(() => api.unblock(me.id))]
        : me.started
          ? [null, null]
          : ["START", () => say("/start")];
  big.hidden = label === null;
  big.textContent = label ?? "";
  big.disabled = action === null;
  big.onclick = action;
  composer.show(label === null);
}

function setTyping(on) {
  clearTimeout(typingTimer);
  byId("bot-state").textContent = on ? "typing …" : "bot";
  byId("bot-state").classList.toggle("busy", on);
  if (on) typingTimer = setTimeout(() => setTyping(false), TYPING_MS);
}

function onChange(change) {
  const { kind, user_id: userId, data } = change;
  if (kind === "message" || kind === "edited") people.heard(userId, data.message, kind === "message");
  if (kind === "person") people.update(data.person);
  if (kind === "commands") reloadCommands();
  if (userId !== people.current) return;
  // What comes while the chat is being fetched may be missing in what was fetched.
  if (whileLoading) whileLoading.push(change);
  else show(change);
}

/** A change in the chat that is shown. */
function show({ kind, revision, data }) {
  if (revision <= fetchedRevision) return;
  switch (kind) {
    case "message":
      log.add(data.message);
      if (data.message.by_bot) setTyping(false);
      break;
    case "edited":
      log.edit(data.message);
      break;
    case "deleted":
      log.remove(data.message.message_id);
      break;
    case "keyboard":
      composer.setKeyboard(data.reply_keyboard);
      if (data.reply_keyboard?.force_reply) composer.reply([...log.messages.values()].at(-1));
      break;
    case "typing":
      setTyping(true);
      break;
    case "person":
      showFoot();
      break;
    default:
      break; // an answered button: whoever pressed it waits for it already
  }
}

async function reloadCommands() {
  if (people.current === null) return;
  const chat = await api.chat(people.current);
  composer.setCommands(chat.commands, chat.menu_button);
  if (!log.messages.size) log.fill([], about(chat.description));
}

function onState(connected) {
  clearTimeout(lostTimer);
  if (connected) byId("lost").hidden = true;
  else lostTimer = setTimeout(() => (byId("lost").hidden = false), LOST_AFTER_MS);
}

async function loadAll() {
  bot = await api.bot();
  const { users, revision } = await api.users();
  byId("bot-name").textContent = bot.first_name;
  document.title = `${bot.first_name} – pretend Telegram`;
  paintFace(byId("bot-avatar"), BOT_FACE, bot.first_name);
  people.fill(users);
  const wanted = Number(location.hash.slice(1));
  const first = users.find((user) => !user.is_admin) ?? users[0];
  if (people.all.has(wanted)) await choose(wanted);
  else if (first) await choose(first.id);
  else showFoot();
  return revision;
}

byId("bot-menu-button").addEventListener("click", () => {
  const me = people.all.get(people.current);
  if (!me) return;
  const toggle = me.blocked
    ? ["Unblock the bot", () => attempt(() => api.unblock(me.id))]
    : ["Block the bot", () => attempt(() => api.block(me.id)), "danger"];
  const items = [["Add person", () => people.askForNew()], ["Choose the next ad …", chooseAd], ["Orders at the panel …", () => attempt(showPanel)], toggle];
  openMenu(byId("bot-menu"), items, { opener: byId("bot-menu-button") });
});

window.addEventListener("hashchange", () => {
  const wanted = Number(location.hash.slice(1));
  if (people.all.has(wanted) && wanted !== people.current) choose(wanted);
});

async function begin() {
  try {
    live(await loadAll(), { onChange, onReset: () => attempt(loadAll), onState });
  } catch {
    byId("lost").hidden = false;
    setTimeout(begin, 1000);
    return;
  }
  byId("lost").hidden = true;
}

begin();
