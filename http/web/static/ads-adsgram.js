// AdsGram: its script defines `Adsgram`, which makes a controller for each block.
const NO_AD = /no ad|not found|no banner|empty/i;
const controllers = new Map();

function controllerOf(blockId) {
  if (!controllers.has(blockId)) controllers.set(blockId, window.Adsgram.init({ blockId }));
  return controllers.get(blockId);
}

export const adsgram = {
  script: ({ sdk_url }) => ({
    src: sdk_url,
    data: {},
    isThere: () => typeof window.Adsgram?.init === "function",
  }),
  // It fetches its ad when it is shown.
  preload: async (offer) => void controllerOf(String(offer.config.block_id)),
  show: (offer) => controllerOf(String(offer.config.block_id)).show(),
  outcomeOf(error) {
    const words = String(error?.description ?? error?.message ?? error);
    return NO_AD.test(words) ? "no_ad" : "failed";
  },
};
