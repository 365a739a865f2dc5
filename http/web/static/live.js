// Keeps the page's figures fresh from /status and its ages ticking. It holds no words: every
// sentence stands in the page, and this only puts numbers in their places.
const REFRESH_MS = 5000;
const UNITS = { day: 86400, hour: 3600, minute: 60, second: 1 };
const HASH_ENDS = 6;

const main = document.querySelector("main[data-run]");
const grouped = new Intl.NumberFormat("en-US");
const inWords = new Intl.RelativeTimeFormat("en");
let status = null;
let answeredMs = performance.now();

const all = (mark, use) => {
  for (const element of main.querySelectorAll(`[data-${mark}]`)) {
    use(element, element.getAttribute(`data-${mark}`));
  }
};
const at = (path) => path.split(".").reduce((value, name) => value?.[name], status);
const holds = (value) => (Array.isArray(value) ? value.length > 0 : Boolean(value));

// Untouched elements keep a reader's selection, and a screen reader's peace.
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function written(value, short) {
  if (typeof value === "number") return grouped.format(value).replace("-", "\u2212");
  return short ? `${value.slice(0, HASH_ENDS)}…${value.slice(-HASH_ENDS)}` : value;
}

function ago(seconds) {
  for (const [unit, unit_s] of Object.entries(UNITS)) {
    if (seconds >= unit_s) return inWords.format(-Math.floor(seconds / unit_s), unit);
  }
  return null;
}

function tick() {
  const since_s = (performance.now() - answeredMs) / 1000;
  all("age-s", (element, age_s) => {
    say(element, ago(Number(age_s) + since_s) ?? element.dataset.now);
  });
}

function show() {
  all("figure", (element, path) => say(element, written(at(path), "short" in element.dataset)));
  all("shown-if", (element, path) => (element.hidden = !holds(at(path))));
  all("hidden-if", (element, path) => (element.hidden = holds(at(path))));
  all("share", (element, path) => {
    element.setAttribute("width", `${(100 * at(path)) / Math.max(1, status.orders_total)}%`);
  });
  all("list", (element, path) => {
    const sentences = at(path);
    element.hidden = !holds(sentences);
    if ([...element.children].map((item) => item.textContent).join("\n") === sentences.join("\n")) {
      return;
    }
    element.replaceChildren(
      ...sentences.map((sentence) => {
        const item = document.createElement("li");
        item.textContent = sentence;
        return item;
      }),
    );
  });
  all("age-s", (element) => {
    element.dataset.ageS = status.last_event.age_s;
    element.dateTime = status.last_event.at;
  });
}

function showStale(sentence) {
  all("stale", (element, words) => {
    element.hidden = sentence === null;
    say(element, sentence === null ? "" : sentence || words);
  });
}

async function refresh() {
  if (document.hidden) return;
  try {
    const answer = await fetch("/status", { signal: AbortSignal.timeout(REFRESH_MS) });
    const body = await answer.json();
    if (!answer.ok) return showStale(body.error);
    status = body;
  } catch {
    return showStale("");
  }
  // Another run may bring other words, and stages this page has no place for.
  if (`${status.version} ${status.started_at}` !== main.dataset.run) return location.reload();
  answeredMs = performance.now();
  showStale(null);
  show();
  tick();
}

if (main !== null) {
  document.querySelector("[data-live]").hidden = false;
  document.addEventListener("visibilitychange", refresh);
  setInterval(refresh, REFRESH_MS);
  setInterval(tick, 1000);
}
