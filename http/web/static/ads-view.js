// What stands on the page. The words are the server's: a template for each state, with slots for
// figures. Counted words come in the forms that the language has, and the browser picks one.
const root = document.documentElement;
const language = root.lang;
const words = JSON.parse(root.dataset.words);
const plural = new Intl.PluralRules(language);
const digits = new Intl.NumberFormat(language);
const clockTime = new Intl.DateTimeFormat(language, {
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

const stage = document.querySelector(".stage");
const title = stage.querySelector("h1");
const sentence = stage.querySelector(".sentence");
const icon = stage.querySelector(".icon");
const count = stage.querySelector(".count");
const ring = stage.querySelector(".ring");
const figures = document.querySelector(".figures");
const goal = document.querySelector("#goal");
const ears = document.querySelector("[role=status]");
export const button = document.querySelector("#go");
export const link = document.querySelector("#way");
// Where a state's link may lead. The bot's name is not known for some seconds after its start.
const places = { bot: link.getAttribute("href"), channel: null };

// "1 point", on one line.
export function counted(what, n) {
  const form = words[what][plural.select(n)] ?? words[what].other ?? "{n}";
  return form.replaceAll(" ", "\u00a0").replace("{n}", number(n));
}

function number(n) {
  return digits.format(n).replace("-", "−");
}

// "45 seconds", "2 minutes 5 seconds", "3 hours 5 minutes"; rounded up, as the bot does.
export function duration(seconds) {
  if (seconds < 120) return counted("seconds", seconds);
  const hours = seconds >= 3600;
  const units = hours ? Math.ceil(seconds / 60) : seconds;
  const [large, small] = [Math.floor(units / 60), units % 60];
  const parts = [counted(hours ? "hours" : "minutes", large)];
  if (small) parts.push(counted(hours ? "minutes" : "seconds", small));
  return parts.join(" ");
}

export function clock(inSeconds) {
  return clockTime.format(new Date(Date.now() + inSeconds * 1000));
}

// "27", "4:05", "2:04:05"
function ticking(seconds) {
  if (seconds < 60) return String(seconds);
  const pad = (n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const values = {};

// Put values into the slots, those of the templates that are shown later too.
export function fill(fresh) {
  Object.assign(values, fresh);
  for (const [name, value] of Object.entries(fresh)) {
    for (const slot of document.querySelectorAll(`[data-slot="${name}"]`)) write(slot, value);
  }
}

function part(state, name) {
  const copy = state.content.cloneNode(true).querySelector(`[data-${name}]`);
  for (const slot of copy?.querySelectorAll("[data-slot]") ?? []) {
    slot.textContent = values[slot.dataset.slot] ?? "…";
  }
  return copy;
}

// Say something to those who listen instead of looking. The same words twice are news as well.
export function say(text) {
  ears.textContent = "";
  ears.textContent = text;
}

export function show(name, fresh = {}, speaks = true) {
  fill(fresh);
  const state = document.querySelector(`template[data-state="${name}"]`);
  const focused = document.activeElement;
  stage.dataset.state = name;
  stage.dataset.tone = state.dataset.tone;
  stage.toggleAttribute("data-busy", "busy" in state.dataset);
  title.replaceChildren(...part(state, "title").childNodes);
  sentence.replaceChildren(...part(state, "sentence").childNodes);
  icon.firstElementChild.setAttribute("href", `#icon-${state.dataset.icon}`);
  icon.toggleAttribute("hidden", !state.dataset.icon);
  count.hidden = Boolean(state.dataset.icon);
  ring.style.setProperty("--left", 1);
  showWaysOn(state);
  if (focused?.hidden) [button, link, title].find((next) => !next.hidden).focus();
  if (speaks) sayStage();
}

// The title and its sentence in one breath, without what changes every second after.
export function sayStage() {
  const stop = /\p{P}$/u.test(title.textContent) ? "" : ".";
  say(`${title.textContent}${stop} ${sentence.innerText}`);
}

function showWaysOn(state) {
  const label = part(state, "button");
  button.hidden = label === null;
  if (label) button.replaceChildren(label);
  button.setAttribute("aria-disabled", String("waits" in state.dataset || "busy" in state.dataset));
  const way = part(state, "link");
  const place = way && places[way.dataset.to];
  link.hidden = !place;
  if (place) {
    link.href = place;
    link.replaceChildren(way);
  }
  // Whoever is not known has no figures.
  figures.hidden = "unknown" in state.dataset;
}

export function showFigures(state) {
  fill({
    balance: counted("points", state.balance_points),
    // An admin may have lowered the cap since: then it is reached, and not exceeded.
    today: number(Math.min(state.ads_today, state.ads_per_day_max)),
    today_max: number(state.ads_per_day_max),
    have: number(Math.min(state.balance_points, state.order_min_points)),
    order_points: counted("points", state.order_min_points),
    order_amount: counted(state.order_metric in words ? state.order_metric : "units", state.order_min_quantity),
    reward: counted("points", state.reward_points),
    channel: state.channel ?? "",
  });
  figures.removeAttribute("aria-busy");
  const reached = state.balance_points >= state.order_min_points;
  goal.max = Math.max(1, state.order_min_points);
  goal.value = Math.max(0, Math.min(goal.max, state.balance_points));
  // Without anything on sale there is no order to save up for.
  goal.hidden = !state.order_min_quantity;
  goal.labels[0].hidden = goal.hidden;
  document.querySelector(".missing").hidden = reached;
  document.querySelector(".reached").hidden = !reached;
  if (state.bot_username) places.bot = `https://t.me/${state.bot_username}`;
  places.channel = state.channel ? `https://t.me/${state.channel.replace("@", "")}` : null;
}

export function showLeft(seconds, total_s) {
  const text = ticking(seconds);
  write(count, text);
  count.classList.toggle("long", text.length > 5);
  ring.style.setProperty("--left", total_s ? seconds / total_s : 0);
}

export function phrase(name, fresh) {
  const text = document.querySelector(`template[data-phrase="${name}"]`).content.cloneNode(true);
  for (const slot of text.querySelectorAll("[data-slot]")) {
    slot.textContent = fresh[slot.dataset.slot];
  }
  return text.textContent;
}
