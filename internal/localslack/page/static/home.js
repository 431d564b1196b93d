// home.js shows an app's Home tab, as published for the acting person.

import { h, icon } from "./dom.js";
import { Surface, renderBlocks } from "./blocks.js";
import { avatar, displayName } from "./directory.js";
import { Form } from "./form.js";

export class HomePane {
  #form = new Form();
  #signature = "";

  constructor(app) {
    this.app = app;
    this.el = h("main", { class: "pane home", id: "home", hidden: true });
  }

  update() {
    const { app } = this;
    this.el.hidden = app.place !== "home";
    if (this.el.hidden) { this.#signature = ""; return; }
    const { view, error } = app.home;
    const signature = JSON.stringify([view, error, app.me.id, app.homeApp.id, app.revision]);
    if (signature === this.#signature) return;
    this.#signature = signature;
    const focus = this.el.contains(document.activeElement) && document.activeElement.dataset.key;
    this.#draw(view, error);
    if (focus) this.el.querySelector(`[data-key="${CSS.escape(focus)}"]`)?.focus();
  }

  #draw(view, error) {
    const { dir, me, homeApp } = this.app;
    this.#form.keep(view?.blocks ?? []);
    const { actions } = this.app;
    const surface = new Surface({ dir, me, form: this.#form, act: (payload) => actions.pressView(view, { ...payload, state: this.#form.values() }),
      suggest: (payload) => actions.suggest({ view_id: view.id }, payload) });
    this.el.replaceChildren(
      h("header", { class: "pane-head" }, avatar(homeApp, "small"), h("h1", {}, displayName(homeApp)), h("span", { class: "badge" }, "APP")),
      h("div", { class: "tabs" }, h("span", { class: "tab", aria: { current: "page" } }, "Home")),
      h("div", { class: "scroll", tabindex: -1, role: "region", aria: { label: "App Home" } },
        error && h("p", { class: "failure", role: "alert" }, icon("warning"), error),
        h("div", { class: "home-body blocks" }, view ? renderBlocks(view.blocks, surface) : waiting(error, homeApp))));
  }
}

const waiting = (error, app) => !error && h("p", { class: "empty" }, `Waiting for ${displayName(app)} to publish its home…`);
