// Toasts, alerts and small menus.

import { button, byId, el } from "./dom.js";

const TOAST_MS = 4500;

export function toast(text) {
  const shown = el("div", { className: "toast" }, text);
  byId("toasts").append(shown);
  setTimeout(() => shown.remove(), TOAST_MS);
}

export const clearToasts = () => byId("toasts").replaceChildren();

export function alertBox(text) {
  byId("alert-text").textContent = text;
  if (!byId("alert").open) byId("alert").showModal();
}

let closeOpenMenu = null;

/** Show a menu of [label, action, class]; a choice, Escape or a press outside closes it. */
export function openMenu(menu, items, { opener = null, focus = true } = {}) {
  closeOpenMenu?.(false);
  menu.replaceChildren(
    ...items.map(([label, action, className = ""]) => {
      const choose = () => {
        close(true);
        action();
      };
      return button(choose, { className, tabIndex: -1, aria: { role: "menuitem" } }, ...[label].flat());
    }),
  );
  menu.hidden = false;
  opener?.setAttribute("aria-expanded", "true");
  const buttons = [...menu.children];
  if (focus) buttons[0]?.focus();

  function onKey(event) {
    const index = buttons.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") close(true);
    else if (step && (index >= 0 || focus)) buttons[(index + step + buttons.length) % buttons.length].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  const onPointer = (event) => {
    if (!menu.contains(event.target) && !opener?.contains(event.target)) close(false);
  };
  function close(back) {
    if (closeOpenMenu !== close) return;
    closeOpenMenu = null;
    menu.hidden = true;
    opener?.setAttribute("aria-expanded", "false");
    document.removeEventListener("keydown", onKey, true);
    document.removeEventListener("pointerdown", onPointer, true);
    if (back && focus) opener?.focus();
  }
  closeOpenMenu = close;
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("pointerdown", onPointer, true);
  return close;
}

export const closeMenu = () => closeOpenMenu?.(false);

/** A dialog with a form: resolves when `onSubmit` went well, stays open with the problem when not. */
export function openForm(dialog, onSubmit) {
  const form = dialog.querySelector("form");
  const problem = form.querySelector(".problem");
  problem.textContent = "";
  form.onsubmit = async (event) => {
    event.preventDefault();
    try {
      await onSubmit(new FormData(form));
      dialog.close();
    } catch (error) {
      problem.textContent = error.message;
    }
  };
  form.querySelector("[data-close]").onclick = () => dialog.close();
  dialog.showModal();
}
