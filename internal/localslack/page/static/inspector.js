// inspector.js is the drawer of raw traffic between the workspace and its apps, newest at the bottom.

import { h, icon } from "./dom.js";
import { api } from "./api.js";
import { atEnd } from "./channel.js";

const period = 1000; // ms between looks while the drawer is open
const kept = 500; // entries shown

export class Inspector {
  #after = 0;
  #timer = 0;

  constructor(app) {
    this.filter = h("input", { class: "field", type: "search", placeholder: "Filter", aria: { label: "Filter traffic" }, oninput: () => this.#sift() });
    this.list = h("div", { class: "traffic" });
    this.el = h("section", { class: "inspector", id: "inspector", hidden: true, aria: { label: "Traffic inspector" } },
      h("header", {}, h("h2", {}, "Traffic"), this.filter,
        h("button", { type: "button", class: "button", onclick: () => this.list.replaceChildren() }, "Clear"),
        h("button", { type: "button", class: "icon-button", aria: { label: "Close inspector" }, onclick: () => app.toggleInspector() }, icon("close"))),
      this.list);
  }

  toggle() {
    this.el.hidden = !this.el.hidden;
    clearTimeout(this.#timer);
    if (!this.el.hidden) this.#look();
    return !this.el.hidden;
  }

  async #look() {
    const answer = await api.traffic(this.#after);
    if (this.el.hidden) return;
    const entries = Object.values(answer).find(Array.isArray) ?? [];
    const stick = atEnd(this.list);
    for (const entry of entries) {
      this.#after = Math.max(this.#after, Number(entry.n ?? entry.seq ?? entry.id) || 0);
      this.list.append(row(entry));
    }
    while (this.list.children.length > kept) this.list.firstElementChild.remove();
    this.#sift();
    if (stick) this.list.scrollTop = this.list.scrollHeight;
    this.#timer = setTimeout(() => this.#look(), period);
  }

  #sift() {
    const wanted = this.filter.value.toLowerCase();
    for (const entry of this.list.children) entry.hidden = wanted !== "" && !entry.textContent.toLowerCase().includes(wanted);
  }
}

/** The names that entries use for the same few things; what is not there is not shown. */
const summary = ["at", "time", "dir", "direction", "kind", "type", "method", "name", "user", "status", "error", "ms"];

function row(entry) {
  const cells = summary.filter((key) => ["string", "number"].includes(typeof entry[key]) && entry[key] !== "")
    .map((key) => h("span", { class: `cell-${key}` }, brief(key, entry[key])));
  return h("details", { class: "entry" }, h("summary", {}, cells), h("pre", {}, JSON.stringify(entry, null, 2)));
}

function brief(key, value) {
  if (key === "ms") return `${value} ms`;
  return key === "at" || key === "time" ? String(value).replace(/^.*T|Z$|\.\d+.*$/g, "") : String(value);
}
