// The event stream: what the server knows, as soon as it knows it. A lost stream is opened again,
// with growing pauses of random length, so that a restarted server is not run over.
const SILENCE_MAX_MS = 40_000; // the server writes a line at least every 15 s
const SLEPT_MS = 20_000;
const HIDDEN_MS = 3_600_000;
const PAUSE_MIN_MS = 700;
const PAUSE_MAX_MS = 30_000;
const FATAL = new Set(["outside_telegram", "bad_init_data", "expired", "not_started"]);

// Text of a stream, cut into events: a name and its data.
export function createParser(onEvent) {
  let rest = "";
  let name = "message";
  let data = [];
  return (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    for (const raw of lines) {
      const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
      if (line === "") {
        if (data.length) onEvent(name, data.join("\n"));
        name = "message";
        data = [];
      } else if (line.startsWith("event:")) {
        name = line.slice(6).trim();
      } else if (line.startsWith("data:")) {
        data.push(line.slice(5).replace(/^ /, ""));
      }
    }
  };
}

export function pauseAfter_ms(fails, chance, retryAfter_s = 0) {
  const grown = Math.min(PAUSE_MAX_MS, PAUSE_MIN_MS * 2 ** fails);
  return Math.max(grown * (0.5 + chance / 2), retryAfter_s * 1000);
}

// Follow the stream for ever. `on` has event(name, value), lost(problem, retryIn_s) and
// fatal(problem).
export function follow(api, on) {
  let abort = null;
  let resume = null;
  let heardMs = 0;
  let fails = 0;

  async function read() {
    abort = new AbortController();
    heardMs = Date.now();
    const watchdog = setInterval(() => {
      if (Date.now() - heardMs > SILENCE_MAX_MS) abort.abort();
    }, 5000);
    try {
      const response = await api.events(abort.signal);
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      const parse = createParser((name, data) => on.event(name, JSON.parse(data)));
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        heardMs = Date.now();
        fails = 0;
        parse(decoder.decode(value, { stream: true }));
      }
    } finally {
      clearInterval(watchdog);
      abort = null;
    }
  }

  function pause(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      resume = () => {
        clearTimeout(timer);
        resolve();
      };
    }).finally(() => {
      resume = null;
    });
  }

  async function run() {
    for (;;) {
      let problem = null;
      try {
        await read();
      } catch (error) {
        problem = error;
      }
      if (FATAL.has(problem?.code)) {
        on.fatal(problem);
        return;
      }
      const pause_ms = pauseAfter_ms(fails, Math.random(), problem?.retryAfter_s);
      // A stream that ends once may be a restart: it is worth words when the next one fails too.
      if (fails > 0) on.lost(problem, Math.ceil(pause_ms / 1000));
      fails += 1;
      await pause(pause_ms);
      // Nobody looks, and a person's pages share a few streams: those in sight need them.
      while (document.hidden) await pause(HIDDEN_MS);
    }
  }

  run();
  return {
    // Somebody looks at the page again, or wants it to try now.
    wake() {
      if (resume) resume();
      else if (abort && Date.now() - heardMs > SLEPT_MS) abort.abort();
    },
  };
}
