// Building elements. What people typed only ever becomes text nodes.

/** An element: properties, `data`, `aria` and `on` in one object, then its children. */
export function el(name, { data = {}, aria = {}, on = {}, ...properties } = {}, ...children) {
  const made = document.createElement(name);
  Object.assign(made, properties);
  Object.assign(made.dataset, data);
  for (const [key, value] of Object.entries(aria)) {
    made.setAttribute(key === "role" ? key : `aria-${key}`, value);
  }
  for (const [key, listener] of Object.entries(on)) made.addEventListener(key, listener);
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

/** A button that does something. */
export const button = (click, properties, ...children) =>
  el("button", { type: "button", on: { click }, ...properties }, ...children);

export const byId = (id) => document.getElementById(id);

/** The round face of somebody: initials, and a colour that stays with the id. */
const FACES = ["#b0413e", "#a85a16", "#7a6a12", "#3f7d3a", "#1f7a78", "#1f78bd", "#5b5fc7", "#96489b"];
export function paintFace(face, id, name) {
  face.textContent = name.split(/\s+/).slice(0, 2).map((word) => [...word][0] ?? "").join("").toUpperCase();
  face.style.setProperty("--face", FACES[Math.abs(id) % FACES.length]);
  return face;
}

export const nameOf = (person) => [person.first_name, person.last_name].filter(Boolean).join(" ");

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long" });
export const clock = (seconds) => CLOCK.format(seconds * 1000);
export function day(seconds) {
  const that = new Date(seconds * 1000).toDateString();
  return that === new Date().toDateString() ? "Today" : DAY.format(seconds * 1000);
}

export function size(bytes) {
  if (!bytes) return "";
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}
