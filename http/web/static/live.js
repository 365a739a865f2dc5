// Keeps the open page up to date. It fetches the page again and changes what differs, so the
// server writes every word and number. Between two fetches it only counts ages on.
const REFRESH_MS = 5000;
const UNITS = { day: 86400, hour: 3600, minute: 60, second: 1 };

const main = document.querySelector("main[data-run]");
const relative = new Intl.RelativeTimeFormat(document.documentElement.lang);
let answeredMs = performance.now();

// Make one element equal to its newer version. What is equal already stays untouched, and with it
// the reader's selection, an opened "details" and a screen reader's place.
function update(shown, fresh) {
  if (shown.nodeName !== fresh.nodeName) return shown.replaceWith(fresh);
  if (shown.nodeType !== Node.ELEMENT_NODE) {
    if (shown.data !== fresh.data) shown.data = fresh.data;
    return;
  }
  for (const { name, value } of fresh.attributes) {
    if (shown.getAttribute(name) !== value) shown.setAttribute(name, value);
  }
  for (const { name } of [...shown.attributes]) {
    if (!fresh.hasAttribute(name) && name !== "open") shown.removeAttribute(name);
  }
  const before = [...shown.childNodes];
  const after = [...fresh.childNodes];
  after.forEach((child, i) => (i < before.length ? update(before[i], child) : shown.append(child)));
  before.slice(after.length).forEach((child) => child.remove());
}

// In the words of `ago` in web/texts.py: both follow Unicode's CLDR, and a test compares them.
function ago(seconds) {
  for (const [unit, unit_s] of Object.entries(UNITS)) {
    if (seconds >= unit_s) return relative.format(-Math.floor(seconds / unit_s), unit);
  }
  return null;
}

function tick() {
  const since_s = (performance.now() - answeredMs) / 1000;
  for (const element of main.querySelectorAll("[data-age-s]")) {
    const words = ago(Number(element.dataset.ageS) + since_s) ?? element.dataset.now;
    if (element.textContent !== words) element.textContent = words;
  }
}

function showStale(sentence) {
  const notice = main.querySelector("[data-stale]");
  const words = sentence ?? notice.dataset.stale;
  if (notice.textContent !== words) notice.textContent = words;
  notice.hidden = false;
}

async function refresh() {
  if (document.hidden) return;
  let page;
  try {
    const answer = await fetch(location.href, { signal: AbortSignal.timeout(REFRESH_MS) });
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return showStale();
  }
  const fresh = page.querySelector("main[data-run]");
  if (fresh === null) return showStale(page.querySelector("[data-sentence]")?.textContent);
  // Another run of the server may have another script, too.
  if (fresh.dataset.run !== main.dataset.run) return location.reload();
  answeredMs = performance.now();
  update(main, fresh);
}

if (main !== null) {
  document.querySelector("[data-live]").hidden = false;
  document.addEventListener("visibilitychange", refresh);
  setInterval(refresh, REFRESH_MS);
  setInterval(tick, 1000);
}
