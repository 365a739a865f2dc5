// Calls of the server. Whatever goes wrong is a `Problem` with the server's code, or `offline` (no
// answer), or `trouble` (one that nobody expects).
const CALL_TIMEOUT_MS = 15_000;
const CODES = { 401: "expired", 403: "not_started", 429: "too_many", 503: "not_ready" };

export class Problem extends Error {
  constructor(code, { status = 0, state = null, retryAfter_s = 0 } = {}) {
    super(code);
    this.code = code;
    this.status = status;
    this.state = state;
    this.retryAfter_s = retryAfter_s;
  }
}

async function problemOf(response) {
  const body = await response.json().catch(() => ({}));
  const error = typeof body.error === "object" && body.error !== null ? body.error : {};
  const header = Number(response.headers.get("Retry-After"));
  const retryAfter_s = Number(error.retry_after_s ?? body.retry_after_s ?? header) || 0;
  const code = error.code ?? CODES[response.status] ?? "trouble";
  return new Problem(code, { status: response.status, state: body.state ?? null, retryAfter_s });
}

// An aborted request is no news: whoever aborted it knows.
async function request(path, options) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", credentials: "omit", ...options });
  } catch {
    throw new Problem("offline");
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

async function post(path, body, token) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), CALL_TIMEOUT_MS);
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  try {
    const options = { method: "POST", headers, body: JSON.stringify(body), signal: abort.signal };
    const response = await request(path, options);
    return await response.json();
  } catch (error) {
    throw error instanceof Problem ? error : new Problem("offline");
  } finally {
    clearTimeout(timer);
  }
}

export function createApi(initData) {
  let token = "";
  let entering = null;

  // Several calls may find out at once that the token is too old: they share one new one.
  function enter() {
    entering ??= post("/ads/api/enter", { init_data: initData })
      .then((answer) => {
        token = answer.token;
        return answer.state;
      })
      .finally(() => {
        entering = null;
      });
    return entering;
  }

  async function withToken(call) {
    const used = token;
    try {
      return await call(token);
    } catch (problem) {
      if (problem.status !== 401) throw problem;
      if (token === used) await enter();
      return call(token);
    }
  }

  return {
    enter,
    start: (network) => withToken((bearer) => post("/ads/api/start", { network }, bearer)),
    done: ({ session, network }, outcome) =>
      withToken((bearer) => post("/ads/api/done", { session, network, outcome }, bearer)),
    events: (signal) =>
      withToken((bearer) => {
        const headers = { Authorization: `Bearer ${bearer}`, Accept: "text/event-stream" };
        return request("/ads/api/events", { headers, signal });
      }),
  };
}
