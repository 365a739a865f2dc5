// AdsGram's script: `Adsgram.init({blockId}).show()`.

class AdController {
  #listeners = new Map();
  #block;
  #playing = false;

  constructor({ blockId, debug = false }) {
    this.#block = { zone: String(blockId), debug: Boolean(debug) };
  }

  addEventListener(name, listener) {
    if (!this.#listeners.has(name)) this.#listeners.set(name, new Set());
    this.#listeners.get(name).add(listener);
  }

  removeEventListener(name, listener) {
    this.#listeners.get(name)?.delete(listener);
  }

  destroy() {
    this.#listeners.clear();
  }

  /** A rewarded block resolves after a whole ad only; an interstitial one (`int-`) also when closed early. */
  async show() {
    if (this.#playing) throw { done: false, error: true, state: "playing", description: "An ad is playing already" };
    this.#playing = true;
    try {
      return await this.#show();
    } finally {
      this.#playing = false;
    }
  }

  async #show() {
    const started = () => this.#emit("onStart");
    const ad = await runAd(this.#block, { canSkip: true, started }).catch((error) => this.#fail(error.message));
    if (ad.screen === "never_settles") return never();
    if (ad.screen === "no_feed") this.#fail("No ads", "onBannerNotFound");
    if (ad.screen === "reject") this.#fail(ad.text);
    const skipped = { done: false, error: false, state: "destroy", description: "The ad was skipped" };
    if (!ad.finished) this.#emit("onSkip");
    if (!ad.finished && !this.#block.zone.startsWith("int-")) throw skipped;
    if (ad.finished) this.#emit("onReward");
    reportSettled(ad);
    return ad.finished ? { ...skipped, done: true, description: "The ad was watched to the end" } : skipped;
  }

  #fail(description, name = "onError") {
    this.#emit(name);
    throw { done: false, error: true, state: "load", description };
  }

  #emit(name) {
    for (const listener of this.#listeners.get(name) ?? []) listener();
  }
}

window.Adsgram = { init: (options) => new AdController(options) };
