// The first part of each network's script: the server, the person, and the full-screen ad.
// No inline style or script, so that a page with a strict Content-Security-Policy can use it.

const tag = document.currentScript;
const network = tag.src.replace(/\/[^/]*$/, "");

const STYLE = `
  * { box-sizing: border-box }
  dialog { position: fixed; inset: 0; width: 100vw; max-width: none; height: 100dvh; max-height: none; margin: 0; border: 0; overflow-y: auto;
    padding: calc(12px + max(env(safe-area-inset-top), var(--tg-safe-area-inset-top, 0px))) 16px calc(16px + env(safe-area-inset-bottom));
    display: flex; flex-direction: column; align-items: center; gap: 12px; text-align: center;
    font: 18px/1.5 system-ui, sans-serif; color: #fff8ec; background: #2a1033 radial-gradient(circle at 20% 15%, #8a2f0c 0, #2a1033 60%) }
  .head { align-self: stretch; display: flex; justify-content: space-between; align-items: center; gap: 12px; min-height: 44px; font-size: 15px }
  small { padding: 4px 12px; border-radius: 99px; background: #fff8ec; color: #2a1033; font-weight: 600; font-size: 14px }
  .offer { margin: auto 0; max-width: 26rem }
  .cup { font-size: 88px; line-height: 1 }
  h1 { font-size: clamp(1.8rem, 9vw, 3rem); line-height: 1.1; margin: 12px 0 }
  p { margin: 0 }
  button { min-height: 44px; padding: 8px 20px; border: 0; border-radius: 99px; font: inherit; font-size: 16px; font-weight: 700; background: #fdba74; color: #2a1033; cursor: pointer }
  button:disabled { background: #5b4062; color: #e7d9ea; cursor: default }
  button:focus-visible { outline: 3px solid #fff; outline-offset: 2px }
`;

const personId = () => String(window.Telegram?.WebApp?.initDataUnsafe?.user?.id ?? "");

/** Call the network's server; its refusals and a lost connection are the same to a page. */
async function call(path, body = {}) {
  const answer = await fetch(`${network}${path}`, { method: "POST", body: JSON.stringify(body) }).catch(() => null);
  if (!answer?.ok) throw new Error("Network error");
  return answer.json();
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** Show an ad over the page; resolves, once it is closed, with whether it ran to its end. */
function showAd(countdownS, { canSkip }) {
  const host = element("div");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  const left = element("span");
  const news = element("span", { role: "status" });
  const close = element("button", { type: "button", textContent: canSkip ? "Skip" : "Close", disabled: !canSkip });
  const dialog = element(
    "dialog",
    { ariaLabel: "Pretend ad" },
    element("div", { className: "head" }, element("small", { textContent: "This is a pretend ad" }), left, close),
    element(
      "div",
      { className: "offer" },
      element("div", { className: "cup", ariaHidden: "true", textContent: "\u2615" }),
      element("h1", { textContent: "Moonlight Coffee" }),
      element("p", { textContent: "Roasted at midnight, gone by noon. Nothing is sold here: the coffee does not exist." }),
    ),
    news,
  );
  root.append(dialog);
  document.body.append(host);
  dialog.showModal();

  return new Promise((resolve) => {
    const endAt = performance.now() + countdownS * 1000;
    let finished = false;
    function tick() {
      const seconds = Math.ceil((endAt - performance.now()) / 1000);
      left.textContent = seconds > 0 ? `${seconds} s` : "";
      if (seconds > 0) return;
      clearInterval(timer);
      finished = true;
      close.disabled = false;
      close.textContent = "Close";
      close.focus();
      news.textContent = "You can close the ad now.";
    }
    const timer = setInterval(tick, 200);
    tick();
    function end() {
      clearInterval(timer);
      host.remove();
      resolve(finished);
    }
    close.onclick = end;
    dialog.oncancel = (event) => {
      event.preventDefault();
      if (!close.disabled) end();
    };
  });
}

/** Start an ad at the server, show it and report its end; `started` is called when it is in sight. */
async function runAd(asked, { canSkip, started = () => {} }) {
  const ad = await call("/ads", { telegram_id: personId(), ...asked });
  if (!["ad", "never_settles"].includes(ad.screen)) return { ...ad, finished: false };
  started(ad);
  const finished = asked.format === "popup" || (await showAd(ad.countdown_s, { canSkip }));
  await call(`/ads/${ad.ad}/closed`, { finished });
  return { ...ad, finished };
}

/** Report, after everything that waits for the promise has run, that it has settled. */
const reportSettled = (ad) => setTimeout(() => call(`/ads/${ad.ad}/settled`).catch(() => {}));

const never = () => new Promise(() => {});
