// inspector.js is the drawer of raw traffic between the workspace and its apps, newest at the bottom.

import { h, icon } from "./dom.js";
import { api } from "./api.js";
import { atEnd } from "./channel.js";
import { slackDate } from "./when.js";

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
    const stick = atEnd(this.list);
    for (const entry of answer.traffic ?? []) {
      this.#after = Math.max(this.#after, entry.n);
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

function row(entry) {
  const at = slackDate(Date.parse(entry.at) / 1000, "{time_secs}", entry.at);
  return h("details", { class: "entry" },
    h("summary", {}, h("span", { class: "entry-at" }, at), h("span", { class: `entry-kind ${entry.kind}` }, entry.kind), h("span", {}, entry.name)),
    h("pre", {}, typeof entry.body === "string" ? entry.body : JSON.stringify(entry.body, null, 2)));
}
