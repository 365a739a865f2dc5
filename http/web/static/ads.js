// The page's course: find out who it is, prepare an ad, show it, wait for the server to credit it,
// rest, again. The server decides everything; what an ad's script says is a hint. Nothing here
// reloads the page.
import { createApi, Problem } from "./ads-api.js";
import * as networks from "./ads-networks.js";
import { follow } from "./ads-stream.js";
import * as telegram from "./ads-telegram.js";
import * as view from "./ads-view.js";

const AD_MAX_MS = 75_000; // an ad's promise may never settle
const CONFIRM_MAX_MS = 20_000;
const CREDITED_MS = 3000;
const BALANCE_MS = 300; // the new balance comes right behind the credit
const RENEW_MS = 12 * 60_000; // an offer lives 15 minutes
const STALE_MS = 14 * 60_000;
const RETRY_S = 5;
const RETRY_MAX_S = 60;
const TOLD_AT_S = [10, 60, 300];
const IDLE = new Set(["ready", "renewed"]);
const UNTOUCHED = new Set(["running", "second", "checking", "credited"]);
const ENDS = {
  outside_telegram: "outside",
  bad_init_data: "unknown",
  expired: "expired",
  not_started: "not_started",
  no_ads: "off",
};
const STARTED_ANEW = new Set(["loading", "offline", "trouble", "busy"]);
const BEFORE_CHANNEL = new Set(["not_in_channel", "not_joined_yet"]);
const LASTING = new Set(["banned", "frozen"]);
const PASSING = { offline: "offline", too_many: "busy", not_ready: "trouble" };

const order = document.documentElement.dataset.networks.split(" ").filter(Boolean);

let api = null;
let stream = null;
let server = null; // the last state that the server sent
let phase = "loading"; // which state is on the stage
let turn = 0; // what was begun before the last change of course ends without effect
let offer = null; // a session with its network, ready to be shown
let heard = 0; // events of the stream: an answer that was asked for before one may be older
let paid_points = 0; // credited while its ad still runs
let adsBefore = 0;
let fails = 0;
let onTap = () => {};
let timers = [];

// Change course: everything that waits is called off.
function go(name, values, tap = () => {}) {
  const isNews = name !== phase && name !== "credited";
  turn += 1;
  timers.forEach(clearTimeout);
  timers = [];
  phase = name;
  onTap = tap;
  view.show(name, values, isNews);
  telegram.askBeforeClosing(name === "running" || name === "checking");
  return turn;
}

function later(ms, call) {
  timers.push(setTimeout(call, ms));
}

// Count down by the clock, not by ticks: a page in the background gets few of them.
function countDown(seconds, onSecond, onEnd) {
  const endMs = Date.now() + seconds * 1000;
  const tick = () => {
    const left = Math.max(0, Math.ceil((endMs - Date.now()) / 1000));
    onSecond(left);
    if (left === 0) onEnd();
    else later(endMs - Date.now() - (left - 1) * 1000 + 5, tick);
  };
  tick();
}

function accept(state) {
  if (!state) return;
  server = { ...state, receivedMs: Date.now() };
  view.showFigures(state);
}

// What is left now of seconds that the server counted when it sent its state; one at least, so that
// it is never asked without a pause.
function left_s(field) {
  return Math.max(1, Math.ceil(server[field] - (Date.now() - server.receivedMs) / 1000));
}

// Something went wrong: say so, and go on by itself where that can help.
function stumble(error, again) {
  if (!(error instanceof Problem)) console.error(error);
  const problem = error instanceof Problem ? error : new Problem("trouble");
  accept(problem.state);
  const end = ENDS[problem.code];
  if (end) return finish(end);
  if (problem.state && problem.state.status !== "ready") return advance();
  fails += 1;
  const wait_s = problem.retryAfter_s || Math.min(RETRY_MAX_S, RETRY_S * 2 ** (fails - 1));
  const jittered_s = Math.ceil(wait_s * (1 + Math.random() / 4));
  return pause(PASSING[problem.code] ?? "trouble", jittered_s, again);
}

function pause(name, wait_s, again) {
  go(name, { time: view.duration(wait_s) }, again);
  countDown(wait_s, (left) => view.fill({ time: view.duration(left) }), again);
}

// States that last until the person does something elsewhere. They go on when they come back.
function finish(name) {
  go(name, {}, name === "unknown" ? enter : undefined);
}

async function enter() {
  const mine = go("loading");
  try {
    const signed = await telegram.initData();
    if (!signed) throw new Problem("outside_telegram");
    api = createApi(signed);
    accept(await api.enter());
  } catch (problem) {
    if (mine === turn) stumble(problem, enter);
    return;
  }
  fails = 0;
  stream ??= follow(api, { event: onEvent, lost: onLost, fatal: onFatal });
  if (mine === turn) advance();
}

// What the server's state asks for.
function advance() {
  const { status } = server;
  if (status === "ready") return order.length ? prepare() : finish("off");
  if (status === "cooldown") return rest();
  if (status === "daily_cap") return restUntilTomorrow();
  return finish(LASTING.has(status) ? status : "off");
}

// Only members of the channel get ads. `joined`: the person says that they are one now.
function askToJoin(state, joined) {
  fails = 0;
  accept(state);
  go(joined ? "not_joined_yet" : "not_in_channel", {}, () => prepare({ joined: true }));
}

function rest() {
  const rest_s = left_s("cooldown_left_s");
  const whole_s = Math.max(rest_s, server.cooldown_s);
  const tell = (left) => view.say(view.phrase("left", { time: view.duration(left) }));
  go("cooldown");
  tell(rest_s);
  const onSecond = (left) => {
    view.showLeft(left, whole_s);
    if (left < rest_s && TOLD_AT_S.includes(left)) tell(left);
  };
  countDown(rest_s, onSecond, () => prepare());
}

function restUntilTomorrow() {
  const rest_s = left_s("resets_in_s");
  const time = (left) => ({ time: view.duration(left) });
  go("daily_cap", { clock: view.clock(rest_s), ...time(rest_s) });
  countDown(rest_s, (left) => view.fill(time(left)), () => prepare());
}

// Get an ad ready, from the first network that has one. `first` is where to begin.
async function prepare({ first = 0, found = [], then = ready, joined = false } = {}) {
  const mine = go(first ? "second" : "preparing");
  let candidate = null;
  for (let i = first; i < order.length; i += 1) {
    if (i > 0 && phase !== "second") view.show((phase = "second"));
    const before = heard;
    try {
      const started = await api.start(order[i]);
      if (mine !== turn) return;
      fails = 0;
      if (heard === before) accept(started.state);
      candidate = { ...started, openedMs: Date.now(), at: i };
    } catch (problem) {
      if (mine !== turn) return;
      if (problem.code === "not_in_channel") askToJoin(problem.state, joined);
      else stumble(problem, () => prepare());
      return;
    }
    const outcome = await networks.prepare(candidate);
    if (mine !== turn) return;
    if (outcome === "ready") {
      offer = candidate;
      then();
      return;
    }
    found.push(outcome);
    report(candidate, outcome);
  }
  go(found.includes("blocked") ? "blocked" : "no_ad", {}, () => prepare());
}

function ready(name = "ready") {
  go(name, {}, watch);
  later(RENEW_MS, renew);
}

function renew() {
  if (!document.hidden && offer && IDLE.has(phase)) prepare();
}

// The tap. An ad must be shown within it, so everything it needs is there already.
function watch() {
  telegram.touch();
  if (Date.now() - offer.openedMs > STALE_MS) {
    prepare({ then: () => ready("renewed") });
    return;
  }
  run();
}

function run() {
  const shownOffer = offer;
  offer = null;
  paid_points = 0;
  adsBefore = server.ads_today;
  const showing = networks.show(shownOffer);
  const mine = go("running");
  later(AD_MAX_MS, () => settle(shownOffer, "timeout"));
  showing.then((outcome) => {
    if (mine === turn) settle(shownOffer, outcome);
  });
}

function settle(shownOffer, outcome) {
  const { at } = shownOffer;
  if (outcome === "no_ad" && at + 1 < order.length) {
    report(shownOffer, outcome);
    prepare({ first: at + 1, found: [outcome], then: run });
    return;
  }
  if (paid_points) celebrate(paid_points);
  else if (outcome === "shown") check();
  else go(outcome, {}, () => prepare());
  report(shownOffer, outcome);
  view.button.focus({ preventScroll: true });
}

// The server counts it; it grants nothing. If it can't be told, nothing is lost.
function report(told, outcome) {
  const before = heard;
  const onAnswer = (state) => heard === before && onState(state);
  api.done(told, outcome).then(onAnswer, () => {});
}

function check() {
  go("checking");
  later(CONFIRM_MAX_MS, () => go("late", {}, () => advance()));
}

function celebrate(amount_points) {
  paid_points = 0;
  go("credited", { gain: view.counted("points", amount_points) });
  telegram.celebrate();
  later(BALANCE_MS, view.sayStage);
  later(CREDITED_MS, () => advance());
}

function onEvent(name, value) {
  fails = 0;
  heard += 1;
  if (name === "state") onState(value);
  else if (name === "credited") onCredited(value.amount_points);
}

function onCredited(amount_points) {
  if (phase === "running") paid_points = amount_points;
  else if (phase !== "credited") celebrate(amount_points);
}

function onState(state) {
  const { status: before, channel } = server;
  const moved = hasMoved(state);
  accept(state);
  // The event of the credit may have got lost with a stream; the count of ads has it too.
  if (phase === "checking" && state.ads_today > adsBefore) return celebrate(state.reward_points);
  if (UNTOUCHED.has(phase)) return undefined;
  if (BEFORE_CHANNEL.has(phase) && channel !== state.channel) return advance();
  const isTold = phase === state.status || (state.status === "ready" && before === "ready");
  if (STARTED_ANEW.has(phase) || !isTold || moved) return advance();
  return undefined;
}

// Whether the end of the rest that is shown has moved.
function hasMoved(state) {
  const field = { cooldown: "cooldown_left_s", daily_cap: "resets_in_s" }[state.status];
  return phase === state.status && field && Math.abs(state[field] - left_s(field)) > 2;
}

function onLost(problem, retryIn_s) {
  const name = PASSING[problem?.code ?? "offline"] ?? "trouble";
  // Too many open pages get no stream; this one still works by its calls.
  if (UNTOUCHED.has(phase) || name === "busy") return;
  pause(name, retryIn_s, () => {
    go("loading");
    stream.wake();
  });
}

function onFatal(problem) {
  stream = null;
  if (!UNTOUCHED.has(phase)) stumble(problem, enter);
}

function onBack() {
  if (document.hidden) return;
  stream?.wake();
  if (phase === "not_started") enter();
  else if (offer && Date.now() - offer.openedMs > RENEW_MS) renew();
}

view.button.addEventListener("click", () => {
  if (view.button.getAttribute("aria-disabled") !== "true") onTap();
});
view.link.addEventListener("click", (event) => {
  const leaves = phase !== "not_started" && !BEFORE_CHANNEL.has(phase);
  if (telegram.openChat(view.link.href, leaves)) event.preventDefault();
});
document.addEventListener("visibilitychange", onBack);
addEventListener("online", onBack);

telegram.open();
telegram.onActivated(onBack);
enter();
