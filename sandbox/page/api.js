// The control API, as the page uses it.

export class Refused extends Error {}

async function call(method, path, body) {
  const options = { method };
  if (body instanceof FormData) {
    options.body = body;
  } else if (body) {
    options.body = JSON.stringify(body);
    options.headers = { "Content-Type": "application/json" };
  }
  const answer = await fetch(`/sandbox${path}`, options).catch(() => {
    throw new Refused("The sandbox cannot be reached.");
  });
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(found.error ?? `The sandbox answered ${answer.status}.`);
  return found;
}

const PRESS_WAIT_S = 15;

export const api = {
  bot: () => call("GET", "/bot"),
  users: () => call("GET", "/users"),
  addUser: (person) => call("POST", "/users", person),
  chat: (userId) => call("GET", `/users/${userId}/messages`),
  say: (userId, text, replyTo = 0) => call("POST", `/users/${userId}/say`, { text, reply_to: replyTo }),
  press: (userId, messageId, data) =>
    call("POST", `/users/${userId}/press`, { message_id: messageId, data, wait_s: PRESS_WAIT_S }),
  openApp: (userId, opening) => call("POST", `/users/${userId}/app`, opening),
  networks: () => call("GET", "/networks"),
  planAd: (network, step) => call("POST", `/networks/${network}`, { script: [step] }),
  panel: () => call("GET", "/panel/last"),
  planEnd: (end) => call("POST", "/panel/ends", { ends: [end] }),
  block: (userId) => call("POST", `/users/${userId}/block`),
  unblock: (userId) => call("POST", `/users/${userId}/unblock`),
  sendFile(userId, file, caption, replyTo) {
    const form = new FormData();
    const isPicture = ["image/png", "image/jpeg", "image/gif"].includes(file.type);
    form.append("kind", isPicture ? "photo" : "document");
    form.append("caption", caption);
    form.append("reply_to", replyTo);
    form.append("file", file);
    return call("POST", `/users/${userId}/files`, form);
  },
};

/** Every change as it happens; comes back by itself when the connection is lost. */
export function live(after, { onChange, onReset, onState }) {
  let source;
  let known = after;
  const open = () => {
    source = new EventSource(`/sandbox/events?after=${known}`);
    source.onopen = () => onState(true);
    source.onmessage = (event) => {
      known = Number(event.lastEventId);
      onChange(JSON.parse(event.data));
    };
    source.addEventListener("reset", (event) => {
      known = Number(event.lastEventId);
      onReset();
    });
    source.onerror = () => {
      onState(false);
      if (source.readyState === EventSource.CLOSED) setTimeout(open, 1000);
    };
  };
  open();
}
