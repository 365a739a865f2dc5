// The panel's laboratory: its last orders, and how the next one ends.

import { api } from "./api.js";
import { byId, el } from "./dom.js";

const EVERY_MS = 1000; // an order runs with the clock, which nobody announces

const dialog = byId("panel-dialog");
let timer = 0;

const count = (number) => Number(number).toLocaleString("en");

function line({ order, name, service, quantity, status, remains }) {
  const left = Number(remains) ? `, ${count(remains)} left` : "";
  return el("li", {}, el("b", {}, `${order}: ${status}`), ` ${count(quantity)} × ${name || service}${left}`);
}

function showPlan(ends) {
  const words = ends.map(({ status, then }) => (then ? `${status}, later ${then}` : status)).join(", then ");
  const text = ends.length ? `The next order ends: ${words}.` : "The next order ends: Completed.";
  // Only a change is set, as it is read aloud.
  if (byId("panel-planned").textContent !== text) byId("panel-planned").textContent = text;
}

async function refresh() {
  const { orders, ends, balance, currency } = await api.panel();
  byId("panel-balance").textContent = `Money at the panel: ${balance} ${currency}`;
  byId("panel-orders").replaceChildren(...orders.map(line));
  byId("panel-none").hidden = orders.length > 0;
  showPlan(ends);
}

const attempt = (action) => action().then(
  () => (byId("panel-problem").textContent = ""),
  (error) => (byId("panel-problem").textContent = error.message),
);

for (const button of dialog.querySelectorAll("[data-end]")) {
  button.addEventListener("click", () => attempt(async () => showPlan((await api.planEnd(button.dataset.end)).ends)));
}
byId("panel-close").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => clearInterval(timer));

/** Show the last orders for as long as the dialog is open. */
export async function showPanel() {
  await refresh();
  dialog.showModal();
  timer = setInterval(() => attempt(refresh), EVERY_MS);
}
