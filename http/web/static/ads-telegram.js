// Telegram around the page: who opened it, its colours and buttons. Person and colours stand in the
// address's fragment, so the page waits for Telegram's own script only where they don't. Without it
// (some networks block it) the page works all the same.
import { applyTheme } from "./ads-theme.js";

const SCRIPT_WAIT_MS = 5000;
const launch = new URLSearchParams(location.hash.slice(1));

let app = null;
let settled = null;

function adopt() {
  const found = window.Telegram?.WebApp;
  if (!found || app) return;
  app = found;
  attempt(() => applyTheme(app.themeParams));
  attempt(() => app.onEvent("themeChanged", () => applyTheme(app.themeParams)));
  attempt(() => app.ready());
  attempt(() => app.expand());
  if (since("6.1")) {
    attempt(() => app.setHeaderColor("secondary_bg_color"));
    attempt(() => app.setBackgroundColor("secondary_bg_color"));
    attempt(() => app.BackButton.onClick(() => app.close()));
    attempt(() => app.BackButton.show());
  }
}

function since(version) {
  return Boolean(app?.isVersionAtLeast?.(version));
}

// Old clients throw at what they don't know; none of it is worth more than the ad.
function attempt(call) {
  try {
    return call();
  } catch {
    return undefined;
  }
}

function loadScript() {
  return new Promise((resolve) => {
    const done = () => {
      adopt();
      resolve();
    };
    if (window.Telegram?.WebApp) return done();
    const script = document.createElement("script");
    script.src = document.documentElement.dataset.telegramScript;
    script.onload = script.onerror = done;
    document.head.append(script);
    setTimeout(done, SCRIPT_WAIT_MS);
  });
}

function launchTheme() {
  return attempt(() => JSON.parse(launch.get("tgWebAppThemeParams")));
}

export function open() {
  applyTheme(launchTheme());
  settled = loadScript();
}

// What Telegram signed about the person, for the server to check; empty outside Telegram.
export async function initData() {
  const given = launch.get("tgWebAppData");
  if (given) return given;
  await settled;
  return app?.initData ?? "";
}

export function onActivated(call) {
  settled.then(() => attempt(() => app.onEvent("activated", call)));
}

export function celebrate() {
  if (since("6.1")) attempt(() => app.HapticFeedback.notificationOccurred("success"));
}

export function touch() {
  if (since("6.1")) attempt(() => app.HapticFeedback.impactOccurred("light"));
}

// While an ad runs, closing asks first: it would lose the ad.
export function askBeforeClosing(on) {
  if (!since("6.2")) return;
  attempt(() => (on ? app.enableClosingConfirmation() : app.disableClosingConfirmation()));
}

// Go to a chat or a channel; false if that takes a plain link. `leave` closes the page behind us.
export function openChat(href, leave) {
  if (!app?.initData || !app.openTelegramLink) return false;
  attempt(() => app.openTelegramLink(href));
  if (leave) attempt(() => app.close());
  return true;
}
