// The laboratory of the demo: what the next ad of a network does, and which postbacks were sent.

import { api } from "./api.js";
import { byId, el } from "./dom.js";
import { openForm, toast } from "./overlays.js";

const NETWORK_NAMES = { monetag: "Monetag", adsgram: "AdsGram" };

const option = (value, label) => el("option", { value }, label);

function result({ ad, status, text }) {
  const answer = status ? `${status} ${text.trim().slice(0, 40)}` : "nobody answered";
  return el("li", {}, `Postback for ad ${ad}: ${answer}`);
}

/** Ask what the next ad does. */
export async function chooseNextAd() {
  const { networks, presets } = await api.networks();
  const form = byId("ad-form");
  const { network, preset, times } = form.elements;
  const kept = network.value;
  network.replaceChildren(...networks.map(({ name }) => option(name, NETWORK_NAMES[name] ?? name)));
  if (kept) network.value = kept;
  preset.replaceChildren(...presets.map(({ name, label }) => option(name, label)));
  times.value = "1";
  network.onchange = () => {
    const { script, last_postbacks: sent } = networks.find(({ name }) => name === network.value);
    const count = script.length === 1 ? "One outcome is" : `${script.length} outcomes are`;
    byId("ad-planned").textContent = script.length ? `${count} chosen already; this replaces it.` : "";
    byId("ad-postbacks").replaceChildren(...[...sent].reverse().map(result));
    byId("ad-postbacks-head").hidden = !sent.length;
  };
  network.onchange();
  openForm(byId("ad-dialog"), async () => {
    await api.planAd(network.value, { preset: preset.value, times: times.value ? Number(times.value) : null });
    toast(`${times.value ? "The next ad" : "Every ad"}: ${preset.selectedOptions[0].textContent}.`);
  });
}
