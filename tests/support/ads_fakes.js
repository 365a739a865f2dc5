// What stands around the ad page in Telegram: its script and the scripts of two ad networks. A test
// sets `window.fake` before the page loads: whether Telegram's script is there, what a network does.
(() => {
  const fake = (window.fake = { monetag: "shown", adsgram: "shown", calls: [], ...window.fake });
  const note = (name) => (...given) => void fake.calls.push([name, ...given]);
  const errors = { no_ad: "Ad feed is empty", failed: "Network error" };

  // An ad that is on waits for the test to end it.
  const play = (network, options) =>
    new Promise((resolve, reject) => {
      fake.calls.push([network, options, navigator.userActivation.isActive]);
      fake.end = () => {
        const does = fake[network];
        if (does in errors) reject(network === "monetag" ? new Error(errors[does]) : refusal(does));
        else if (does === "shown") resolve({ done: true });
      };
    });
  const refusal = (does) => ({
    done: false,
    error: does !== "failed",
    description: does === "no_ad" ? "No ads found" : "Skipped",
  });

  const scripts = {
    telegram() {
      const handlers = {};
      fake.emit = (name) => handlers[name]?.();
      window.Telegram = {
        WebApp: {
          initData: fake.initData ?? "query_id=1&hash=abc",
          themeParams: fake.theme ?? {},
          isVersionAtLeast: () => true,
          onEvent: (name, handler) => void (handlers[name] = handler),
          ready: note("ready"),
          expand: note("expand"),
          close: note("close"),
          openTelegramLink: note("openTelegramLink"),
          setHeaderColor: note("setHeaderColor"),
          setBackgroundColor: note("setBackgroundColor"),
          enableClosingConfirmation: note("enableClosingConfirmation"),
          disableClosingConfirmation: note("disableClosingConfirmation"),
          HapticFeedback: {
            notificationOccurred: note("notificationOccurred"),
            impactOccurred: note("impactOccurred"),
          },
          BackButton: { onClick: (handler) => void (fake.back = handler), show: note("back shown") },
        },
      };
    },
    monetag() {
      window.show_777 = (options) => {
        if (options.type !== "preload") return play("monetag", options);
        fake.calls.push(["preload", options]);
        if (fake.preload === "no_ad") return Promise.reject(new Error(errors.no_ad));
        return fake.preload === "hang" ? new Promise(() => {}) : Promise.resolve();
      };
    },
    adsgram() {
      window.Adsgram = { init: ({ blockId }) => ({ show: () => play("adsgram", blockId) }) };
    },
  };
  scripts[new URL(document.currentScript.src).pathname.split("/").pop().replace(".js", "")]();
})();
