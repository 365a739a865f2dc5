// Links: to the bot itself they open in the page, as a start; all others in a new tab.

import { byId, el, nameOf } from "./dom.js";
import { openForm } from "./overlays.js";

const TELEGRAM = new Set(["t.me", "www.t.me", "telegram.me"]);

/** The start code in a link to the bot; "" for a plain link to it, null for any other link. */
export function startCode(address, botUsername) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  const isBot = (name) => name?.toLowerCase() === botUsername.toLowerCase();
  const query = url.searchParams;
  if (url.protocol === "tg:") {
    return url.hostname === "resolve" && isBot(query.get("domain")) ? query.get("start") ?? "" : null;
  }
  if (!TELEGRAM.has(url.hostname)) return null;
  const path = url.pathname.replace(/^\/|\/$/g, "");
  if (path === "share/url") return startCode(query.get("url") ?? "", botUsername);
  return isBot(path) ? query.get("start") ?? "" : null;
}

export function linkElement(address, children, botUsername, openStart) {
  const code = startCode(address, botUsername);
  if (code !== null) {
    const click = (event) => {
      event.preventDefault();
      openStart(code, address);
    };
    return el("a", { href: address, on: { click } }, ...children);
  }
  if (!/^(https?|mailto):/i.test(address)) return el("span", {}, ...children);
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/** Ask who opens the link: somebody who is there, or somebody new. */
export function askWhoOpens(code, address, people, { start }) {
  const newName = byId("link-form").elements.namedItem("first_name");
  const choice = (value, label, checked) => {
    const on = { change: () => showName() };
    return el("label", {}, el("input", { type: "radio", name: "who", value, checked, on }), label);
  };
  const others = [...people.all.values()].filter((person) => !person.deactivated);
  const showName = () => {
    const isNew = byId("link-form").elements.namedItem("who").value === "new";
    newName.closest("label").hidden = !isNew;
    newName.required = isNew;
    if (isNew) newName.focus();
  };
  byId("link-form").reset();
  byId("link-people").replaceChildren(
    byId("link-people").querySelector("legend"),
    choice("new", "Somebody new", true),
    ...others.map((person) => choice(String(person.id), nameOf(person), false)),
  );
  byId("link-code").textContent = code
    ? `An invite link: whoever opens it starts the bot with the code ${code}.`
    : address;
  openForm(byId("link-dialog"), async (form) => {
    if (form.get("who") === "new") await start(null, form.get("first_name"));
    else await start(Number(form.get("who")));
  });
  showName();
}
