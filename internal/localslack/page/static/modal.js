// modal.js shows the top of the person's stack of modals. Slack shows one at a time; closing goes back to the one below.

import { h, icon } from "./dom.js";
import { accepted, api } from "./api.js";
import { Surface, renderBlocks } from "./blocks.js";
import { working } from "./elements.js";
import { Form } from "./form.js";
import { withEmoji } from "./emoji.js";

export class Modals {
  #forms = new Map(); // view id → {form, errors}
  #signature = "";
  #dialog = null;

  constructor(app) {
    this.app = app;
  }

  /** Draws `views` (the open modals, oldest first); does nothing when the top one has not changed. */
  update(views) {
    for (const id of this.#forms.keys()) if (!views.some((view) => view.id === id)) this.#forms.delete(id);
    const view = views.at(-1);
    if (!view) return this.#dismiss();
    const signature = JSON.stringify([view, views.length, this.app.me.id, this.app.revision]);
    if (signature === this.#signature) return;
    this.#signature = signature;
    this.#draw(view, views.length > 1);
  }

  #dismiss() {
    this.#signature = "";
    this.#dialog?.close();
    this.#dialog?.remove();
    this.#dialog = null;
  }

  #draw(view, stacked) {
    const focus = this.#dialog?.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    if (!this.#forms.has(view.id)) this.#forms.set(view.id, { form: new Form(), errors: {} });
    const { form, errors } = this.#forms.get(view.id);
    form.keep(view.blocks ?? []);
    const { dir, me } = this.app;
    const surface = new Surface({ dir, me, form, errors, submit: () => view.submit && this.#submit(view),
      attach: (file) => this.app.actions.attach(view, file),
      suggest: (payload) => this.app.actions.suggest({ view_id: view.id }, payload),
      act: async (payload) => this.#banner(await this.app.actions.pressView(view, { ...payload, state: form.values() })) });
    const dialog = this.#open();
    this.banner = h("p", { class: "modal-banner", role: "alert", hidden: true });
    const close = () => this.#close(view);
    dialog.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault(); // the view closes when the workspace says so, not before
      event.stopPropagation();
      close();
    };
    this.submitButton = view.submit && h("button", { type: "button", class: "button big primary", onclick: () => this.#submit(view) }, h("span", { class: "button-text" }, text(view.submit)));
    this.body = h("div", { class: "dialog-body blocks", tabindex: -1 }, this.banner, renderBlocks(view.blocks, surface));
    dialog.replaceChildren(
      h("header", {},
        stacked && h("button", { type: "button", class: "icon-button", aria: { label: "Back" }, onclick: close }, icon("back")),
        h("h2", { id: "modal-title" }, text(view.title)),
        h("button", { type: "button", class: "icon-button", aria: { label: "Close" }, onclick: close }, icon("close"))),
      this.body,
      h("footer", {}, h("button", { type: "button", class: "button big", onclick: close }, view.close ? text(view.close) : view.submit ? "Cancel" : "Close"), this.submitButton || ""));
    const first = focus && dialog.querySelector(`[data-key="${CSS.escape(focus)}"]`);
    (first || dialog.querySelector("[autofocus], .dialog-body .field, .dialog-body select, .dialog-body input") || this.submitButton || this.body).focus();
  }

  #open() {
    if (!this.#dialog) {
      this.#dialog = h("dialog", { class: "dialog modal", aria: { labelledby: "modal-title" } });
      document.body.append(this.#dialog);
      this.#dialog.showModal();
    }
    return this.#dialog;
  }

  async #submit(view) {
    const { form, errors } = this.#forms.get(view.id);
    const missing = required(view, form);
    if (Object.keys(missing).length) return this.#show(errors, missing);
    await working(this.submitButton, async () => {
      await form.uploads;
      const answer = await api.submit({ view_id: view.id, values: form.values(), user: this.app.me.id });
      if (answer.errors) this.#show(errors, answer.errors);
      else this.#banner(answer);
      await this.app.refreshViews();
    });
  }

  async #close(view) {
    await api.close({ view_id: view.id, user: this.app.me.id });
    await this.app.refreshViews();
  }

  /** Writes each error under its block and brings the first into view. */
  #show(errors, found) {
    for (const id of Object.keys(errors)) delete errors[id];
    Object.assign(errors, found);
    for (const block of this.body.querySelectorAll(".block-input")) {
      const message = found[block.dataset.block] ?? "";
      block.querySelector(".input-error").textContent = message;
      block.querySelector(".field, .select, .choices")?.setAttribute("aria-invalid", String(message !== ""));
    }
    const first = this.body.querySelector("[aria-invalid=true]");
    first?.scrollIntoView({ block: "center" });
    first?.focus();
  }

  #banner(answer) {
    this.banner.hidden = accepted(answer);
    this.banner.textContent = accepted(answer) ? "" : `We had some trouble connecting. Try again? (${answer.error ?? "the app did not respond in time"})`;
  }
}

const text = (object) => withEmoji(object?.text ?? "");

/** What must be filled in before the app is asked. */
function required(view, form) {
  const missing = {};
  for (const block of view.blocks ?? []) {
    if (block.type !== "input" || block.optional) continue;
    const value = form.get(block.block_id, block.element?.action_id, "");
    if (value === undefined || value === null || value.length === 0) missing[block.block_id] = "Please complete this required field.";
  }
  return missing;
}
