// Monetag: its script defines one function for our zone, `show_<zone>`.
const PRELOAD_S = 5;
const NO_AD = /empty|no feed|no ad/i;

function options(offer) {
  // Without `catchIfNoFeed` the promise resolves as if an ad had been shown.
  return { ymid: offer.session, requestVar: "ads_page", catchIfNoFeed: true };
}

export const monetag = {
  script: ({ sdk_url, zone, function: name }) => ({
    src: sdk_url,
    data: { zone: String(zone), sdk: name },
    isThere: () => typeof window[name] === "function",
  }),
  preload: (offer) =>
    window[offer.config.function]({ ...options(offer), type: "preload", timeout: PRELOAD_S }),
  show: (offer) => window[offer.config.function](options(offer)),
  outcomeOf: (error) => (NO_AD.test(String(error?.message ?? error)) ? "no_ad" : "failed"),
};
