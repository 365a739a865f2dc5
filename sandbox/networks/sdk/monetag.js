// Monetag's script: `<script src=".../sdk.js" data-zone="Z" data-sdk="show_Z">` defines `show_Z(options)`.

const zone = tag.dataset.zone ?? "";
const TYPES = ["end", "start", "preload", "pop", "inApp"];
const TAPS = ["click", "pointerup", "pointerdown", "mouseup", "mousedown", "touchend", "touchstart", "keydown", "keyup"];

/** Directly inside a tap's handler: after an `await`, `window.event` is gone, as the tap is for a popup. */
const isInTap = () => Boolean(window.event?.isTrusted && TAPS.includes(window.event.type));

function result(ad, asked) {
  return {
    event_type: "impression",
    reward_event_type: ad.reward,
    estimated_price: 0.00352,
    zone_id: Number(zone),
    sub_zone_id: Number(zone) + 7,
    request_var: asked.request_var,
    ymid: asked.ymid,
    telegram_id: Number(personId()),
  };
}

function noAd(ad, given) {
  if (ad.screen === "reject") throw new Error(ad.text);
  if (given.catchIfNoFeed) throw new Error("Ad feed is empty");
  return undefined; // without catchIfNoFeed, no ad looks like success
}

async function preload(asked, given) {
  const found = call("/preload", asked);
  const seconds = Number(given.timeout) || 0;
  const tooLate = seconds
    ? new Promise((_, reject) => setTimeout(() => reject(new Error("Timeout exceeded")), seconds * 1000))
    : never();
  const ad = await Promise.race([found, tooLate]);
  if (["reject", "no_feed"].includes(ad.screen)) noAd(ad, given);
}

async function interstitial(asked, given, settlesAtStart) {
  let started = () => {};
  const hasStarted = settlesAtStart && new Promise((resolve) => (started = resolve));
  const whole = runAd(asked, { canSkip: false, started });
  const ad = await (settlesAtStart ? Promise.race([hasStarted, whole]) : whole);
  if (ad.screen === "never_settles") return never();
  if (ad.screen !== "ad") return noAd(ad, given);
  reportSettled(ad);
  return result(ad, asked);
}

async function popup(asked, given) {
  if (!isInTap()) throw new Error("Popup was not started by a user action");
  const page = window.open("about:blank"); // now: after the answer the browser would not open it
  const ad = await runAd({ ...asked, format: "popup" }, { canSkip: false });
  if (ad.screen === "never_settles") return never();
  if (ad.screen !== "ad" || !page) {
    page?.close();
    return noAd(ad, given);
  }
  page.location = `${network}/offer`;
  reportSettled(ad);
  return result(ad, asked);
}

/** One ad by a timer; in-app ads send nothing and pay nothing. */
function inApp(settings = {}) {
  setTimeout(() => showAd(2, { canSkip: true }), (Number(settings.timeout) || 0) * 1000);
}

window[tag.dataset.sdk || `show_${zone}`] = async (options) => {
  const given = typeof options === "string" ? { type: options } : (options ?? {});
  const type = TYPES.includes(given.type) ? given.type : "end";
  const asked = {
    zone,
    ymid: String(given.ymid ?? ""),
    request_var: String(given.requestVar ?? ""),
    telegram_id: personId(),
  };
  if (type === "preload") return preload(asked, given);
  if (type === "pop") return popup(asked, given);
  if (type === "inApp") return inApp(given.inAppSettings);
  return interstitial(asked, given, type === "start");
};
