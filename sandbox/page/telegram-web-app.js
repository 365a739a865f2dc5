// A stand-in for Telegram's script of this name: `window.Telegram.WebApp` in a page that the chat page
// opened. It speaks Telegram's protocol with the window around it, and knows the members that pages use.

(() => {
  const STORED = "__telegram__initParams";
  const EDGES = ["top", "bottom", "left", "right"];
  const root = document.documentElement;
  const listeners = new Map();

  /** The launch parameters: from the fragment, or as this tab got them before a reload. */
  function launchParameters() {
    const found = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
    try {
      if (found.tgWebAppVersion) sessionStorage.setItem(STORED, JSON.stringify(found));
      return found.tgWebAppVersion ? found : JSON.parse(sessionStorage.getItem(STORED) ?? "{}");
    } catch {
      return found; // a browser without storage
    }
  }

  const launch = launchParameters();
  const initData = launch.tgWebAppData ?? "";
  const version = launch.tgWebAppVersion ?? "6.0";

  function parsed(text) {
    const values = Object.fromEntries(new URLSearchParams(text));
    for (const [name, value] of Object.entries(values)) {
      if (/^[{[]/.test(value)) values[name] = JSON.parse(value);
    }
    return values;
  }

  function send(eventType, eventData = null) {
    if (window.parent !== window) window.parent.postMessage(JSON.stringify({ eventType, eventData }), "*");
  }

  function emit(name, data) {
    for (const listener of [...(listeners.get(name) ?? [])]) listener.call(WebApp, data);
  }

  function isVersionAtLeast(wanted) {
    const [has, needs] = [version, String(wanted)].map((text) => text.split(".").map(Number));
    for (let place = 0; place < Math.max(has.length, needs.length); place++) {
      const difference = (has[place] ?? 0) - (needs[place] ?? 0);
      if (difference) return difference > 0;
    }
    return true;
  }

  /** A button outside the page: its state goes to the window around it. */
  function outerButton(eventType, pressed, state) {
    const update = (change) => {
      Object.assign(state, change);
      send(eventType, sendable(state));
      return button;
    };
    const button = {
      get isVisible() { return state.is_visible; },
      get isActive() { return state.is_active ?? true; },
      get isProgressVisible() { return state.is_progress_visible ?? false; },
      get text() { return state.text; },
      show: () => update({ is_visible: true }),
      hide: () => update({ is_visible: false }),
      setText: (text) => update({ text }),
      enable: () => update({ is_active: true }),
      disable: () => update({ is_active: false }),
      showProgress: () => update({ is_progress_visible: true }),
      hideProgress: () => update({ is_progress_visible: false }),
      setParams: (params) => update(params),
      onClick: (listener) => (WebApp.onEvent(pressed, listener), button),
      offClick: (listener) => (WebApp.offEvent(pressed, listener), button),
    };
    return button;
  }

  // Telegram refuses a visible button without text.
  const sendable = (state) => ("text" in state && !state.text ? { ...state, is_visible: false } : { ...state });

  const haptic = (data) => send("web_app_trigger_haptic_feedback", data);
  let popupClosed = null;

  const WebApp = {
    initData,
    initDataUnsafe: parsed(initData),
    version,
    platform: launch.tgWebAppPlatform ?? "unknown",
    colorScheme: "light",
    themeParams: {},
    isExpanded: true,
    isActive: true,
    viewportHeight: innerHeight,
    viewportStableHeight: innerHeight,
    safeAreaInset: { top: 0, bottom: 0, left: 0, right: 0 },
    contentSafeAreaInset: { top: 0, bottom: 0, left: 0, right: 0 },
    isClosingConfirmationEnabled: false,
    isVersionAtLeast,
    onEvent(name, listener) {
      if (!listeners.has(name)) listeners.set(name, new Set());
      listeners.get(name).add(listener);
    },
    offEvent: (name, listener) => listeners.get(name)?.delete(listener),
    ready: () => send("web_app_ready"),
    expand: () => send("web_app_expand"),
    close: () => send("web_app_close"),
    setHeaderColor: (color) => send("web_app_set_header_color", { color }),
    setBackgroundColor: (color) => send("web_app_set_background_color", { color }),
    setBottomBarColor: (color) => send("web_app_set_bottom_bar_color", { color }),
    disableVerticalSwipes: () => send("web_app_setup_swipe_behavior", { allow_vertical_swipe: false }),
    enableVerticalSwipes: () => send("web_app_setup_swipe_behavior", { allow_vertical_swipe: true }),
    enableClosingConfirmation: () => confirmClosing(true),
    disableClosingConfirmation: () => confirmClosing(false),
    openLink(address) {
      const url = new URL(address, location.href);
      if (!["http:", "https:"].includes(url.protocol)) throw new Error("WebAppTgUrlInvalid");
      send("web_app_open_link", { url: url.href });
    },
    openTelegramLink(address) {
      const url = new URL(address, location.href);
      if (url.hostname !== "t.me" && url.hostname !== "telegram.me") throw new Error("WebAppTgUrlInvalid");
      send("web_app_open_tg_link", { path_full: url.pathname + url.search });
    },
    showPopup(params, callback = () => {}) {
      if (popupClosed) throw new Error("WebAppPopupOpened");
      const message = String(params.message ?? "");
      if (!message || message.length > 256) throw new Error("WebAppPopupParamInvalid");
      const buttons = params.buttons?.length ? params.buttons : [{ id: "", type: "close" }];
      if (buttons.length > 3) throw new Error("WebAppPopupParamInvalid");
      popupClosed = callback;
      send("web_app_open_popup", { title: params.title ?? "", message, buttons });
    },
    showAlert: (message, callback = () => {}) => WebApp.showPopup({ message }, () => callback()),
    showConfirm: (message, callback = () => {}) =>
      WebApp.showPopup(
        { message, buttons: [{ type: "ok", id: "ok" }, { type: "cancel" }] },
        (id) => callback(id === "ok"),
      ),
    MainButton: outerButton("web_app_setup_main_button", "mainButtonClicked", { text: "", is_visible: false, is_active: true }),
    BackButton: outerButton("web_app_setup_back_button", "backButtonClicked", { is_visible: false }),
    HapticFeedback: {
      impactOccurred: (style) => (haptic({ type: "impact", impact_style: style }), WebApp.HapticFeedback),
      notificationOccurred: (type) => (haptic({ type: "notification", notification_type: type }), WebApp.HapticFeedback),
      selectionChanged: () => (haptic({ type: "selection_change" }), WebApp.HapticFeedback),
    },
  };

  function confirmClosing(needed) {
    WebApp.isClosingConfirmationEnabled = needed;
    send("web_app_setup_closing_behavior", { need_confirmation: needed });
  }

  function isDark(color) {
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
    return Math.hypot(red * 0.55, green * 0.77, blue * 0.34) < 120;
  }

  function setTheme(params) {
    WebApp.themeParams = params;
    if (params.bg_color) WebApp.colorScheme = isDark(params.bg_color) ? "dark" : "light";
    root.style.setProperty("--tg-color-scheme", WebApp.colorScheme);
    for (const [name, color] of Object.entries(params)) {
      root.style.setProperty(`--tg-theme-${name.replaceAll("_", "-")}`, color);
    }
  }

  function setHeight(height) {
    WebApp.viewportHeight = WebApp.viewportStableHeight = height;
    root.style.setProperty("--tg-viewport-height", `${height}px`);
    root.style.setProperty("--tg-viewport-stable-height", `${height}px`);
  }

  function setInsets(name, field, insets) {
    WebApp[field] = insets;
    for (const edge of EDGES) root.style.setProperty(`--tg-${name}-${edge}`, `${insets[edge] ?? 0}px`);
  }

  const received = {
    theme_changed({ theme_params: params }) {
      setTheme(params);
      emit("themeChanged");
    },
    viewport_changed({ height, is_state_stable: isStateStable }) {
      setHeight(height);
      emit("viewportChanged", { isStateStable });
    },
    safe_area_changed(insets) {
      setInsets("safe-area-inset", "safeAreaInset", insets);
      emit("safeAreaChanged");
    },
    content_safe_area_changed(insets) {
      setInsets("content-safe-area-inset", "contentSafeAreaInset", insets);
      emit("contentSafeAreaChanged");
    },
    visibility_changed({ is_visible: isVisible }) {
      WebApp.isActive = isVisible;
      emit(isVisible ? "activated" : "deactivated");
    },
    main_button_pressed: () => emit("mainButtonClicked"),
    back_button_pressed: () => emit("backButtonClicked"),
    popup_closed({ button_id: id = null }) {
      const callback = popupClosed;
      popupClosed = null;
      callback?.(id);
      emit("popupClosed", { button_id: id });
    },
  };

  addEventListener("message", (event) => {
    if (event.source !== window.parent || typeof event.data !== "string") return;
    try {
      const { eventType, eventData } = JSON.parse(event.data);
      received[eventType]?.(eventData ?? {});
    } catch {
      // somebody else's message
    }
  });

  setTheme(JSON.parse(launch.tgWebAppThemeParams ?? "{}"));
  setHeight(innerHeight);
  setInsets("safe-area-inset", "safeAreaInset", WebApp.safeAreaInset);
  setInsets("content-safe-area-inset", "contentSafeAreaInset", WebApp.contentSafeAreaInset);
  window.Telegram = { ...window.Telegram, WebApp };
  send("iframe_ready", { reload_supported: false });
  for (const asked of ["theme", "viewport", "safe_area", "content_safe_area"]) send(`web_app_request_${asked}`);
})();
