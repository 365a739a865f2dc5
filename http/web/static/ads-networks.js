// The ad networks. A further one is a module with `script`, `preload`, `show` and `outcomeOf`, and
// a row in this table.
import { adsgram } from "./ads-adsgram.js";
import { monetag } from "./ads-monetag.js";

const NETWORKS = { monetag, adsgram };
const SCRIPT_WAIT_MS = 10_000;
const PRELOAD_WAIT_MS = 8000;

function after(ms, value) {
  return new Promise((resolve) => setTimeout(resolve, ms, value));
}

function insert({ src, data }) {
  return new Promise((resolve) => {
    const script = document.createElement("script");
    script.src = src;
    script.async = true;
    Object.assign(script.dataset, data);
    script.onload = script.onerror = resolve;
    document.head.append(script);
    setTimeout(resolve, SCRIPT_WAIT_MS);
  });
}

// Make an offer ready to be shown in one call: "ready", "blocked" or "no_ad".
export async function prepare(offer) {
  const network = NETWORKS[offer.network];
  if (!network) return "blocked";
  const script = network.script(offer.config);
  if (!script.isThere()) await insert(script);
  if (!script.isThere()) return "blocked";
  try {
    await Promise.race([network.preload(offer), after(PRELOAD_WAIT_MS)]);
    return "ready";
  } catch {
    return "no_ad";
  }
}

// Show a prepared ad, within the tap if the caller is: "shown", "no_ad" or "failed". It may never
// settle, and what it says is only a hint: anybody can make it say so.
export async function show(offer) {
  const network = NETWORKS[offer.network];
  try {
    await network.show(offer);
    return "shown";
  } catch (error) {
    return network.outcomeOf(error);
  }
}
