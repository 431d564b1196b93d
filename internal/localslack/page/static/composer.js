// composer.js is the box people write in: Enter sends, "/" offers the workspace's commands, "@" its people and groups.

import { h, icon } from "./dom.js";
import { avatar, displayName } from "./directory.js";
import { openMenu } from "./overlay.js";

const most = 8; // suggestions shown at once

export class Composer {
  #shown = []; // suggestions on screen
  #at = 0;
  #drafts = new Map(); // where → what was typed but not sent

  /** send(text) answers whether the text was taken; share(file) takes a file; `commands` says whether "/" is offered here. */
  constructor(app, { id, commands, send, share }) {
    Object.assign(this, { app, commands, send });
    this.hints = h("ul", { class: "hints", role: "listbox", id: `${id}-hints`, hidden: true, aria: { label: "Suggestions" } });
    this.input = h("textarea", {
      class: "composer-input", rows: 1, data: { key: id }, role: "combobox",
      aria: { autocomplete: "list", expanded: "false", controls: `${id}-hints`, haspopup: "listbox" },
      oninput: () => this.#changed(),
      onbeforeinput: (event) => { if (event.inputType === "insertLineBreak" && !this.shift) event.preventDefault(); }, // Enter sends
      onkeydown: (event) => this.#key(event), onblur: () => this.#show([]),
    });
    this.usage = h("span", { class: "usage" });
    this.button = h("button", { type: "button", class: "send", disabled: true, aria: { label: "Send" }, onclick: () => this.#send() }, icon("send"));
    this.plus = h("button", { type: "button", class: "tool", hidden: true, aria: { label: "Shortcuts", haspopup: "menu" }, onclick: () => this.#chooseShortcut() }, icon("plus"));
    const picker = h("input", { type: "file", hidden: true, onchange: () => { for (const file of picker.files) share(file); picker.value = ""; } });
    const attach = h("button", { type: "button", class: "tool", aria: { label: "Attach a file" }, onclick: () => picker.click() }, icon("clip"));
    this.el = h("div", { class: "composer" }, this.hints,
      h("div", { class: "composer-box" }, this.input, h("div", { class: "composer-bar" }, this.plus, attach, picker, this.usage, this.button)));
  }

  /** Points the composer at a channel or thread; each keeps its own draft. */
  update(where, placeholder) {
    this.input.placeholder = placeholder;
    this.input.setAttribute("aria-label", placeholder);
    this.plus.hidden = !this.commands || this.app.dir.shortcuts("global").length === 0;
    if (this.where === where) return;
    if (this.where !== undefined) this.#drafts.set(this.where, this.input.value);
    this.where = where;
    this.input.value = this.#drafts.get(where) ?? "";
    this.#changed();
    this.#show([]);
  }

  focus() { this.input.focus(); }

  #changed() {
    this.button.disabled = this.input.value.trim() === "";
    this.usage.textContent = this.#usage();
    this.#show(this.#suggest());
  }

  #chooseShortcut() {
    const { app } = this;
    openMenu(this.plus, app.dir.shortcuts("global").map((one) => ({
      label: one.name, hint: one.app, onPick: () => app.actions.shortcut(app.channel, null, one),
    })), { label: "Shortcuts" });
  }

  #usage() {
    const name = /^(\/\S+)\s/.exec(this.input.value)?.[1];
    const command = this.commands && this.app.dir.commands.find((known) => known.command === name);
    return command ? `${command.command} ${command.usage_hint ?? ""}` : "";
  }

  #suggest() {
    const before = this.input.value.slice(0, this.input.selectionStart);
    if (this.commands && /^\/\S*$/.test(before)) {
      return this.app.dir.commands.filter((known) => known.command.startsWith(before)).slice(0, most).map((known) => ({
        insert: `${known.command} `, from: 0, exact: known.command === before,
        nodes: [h("b", {}, known.command), " ", h("span", { class: "hint-usage" }, known.usage_hint ?? ""), h("small", {}, known.description ?? "")],
      }));
    }
    const sign = /(?:^|[\s(])@([\p{L}\p{N}._-]*)$/u.exec(before);
    if (!sign) return [];
    const from = before.length - sign[1].length - 1;
    return this.#named(sign[1].toLowerCase()).slice(0, most).map(({ name, nodes }) => ({ insert: `@${name} `, from, nodes }));
  }

  #named(start) {
    const { dir } = this.app;
    const users = [...dir.people(), ...dir.apps()].map((user) => ({ name: user.name, also: displayName(user),
      nodes: [avatar(user, "tiny"), h("b", {}, displayName(user)), " ", h("span", { class: "hint-usage" }, user.name)] }));
    const groups = dir.groups.map((group) => ({ name: group.handle, also: group.name ?? "", nodes: [h("b", {}, "@" + group.handle), " ", h("span", { class: "hint-usage" }, group.name ?? "")] }));
    return [...users, ...groups].filter(({ name, also }) => name.toLowerCase().startsWith(start) || also.toLowerCase().startsWith(start));
  }

  #show(suggestions) {
    this.#shown = suggestions;
    this.#at = 0;
    this.hints.hidden = suggestions.length === 0;
    this.input.setAttribute("aria-expanded", String(suggestions.length > 0));
    this.hints.replaceChildren(...suggestions.map((suggestion, i) => h("li", {
      role: "option", id: `${this.hints.id}-${i}`, class: "hint", aria: { selected: String(i === 0) },
      onmousedown: (event) => { event.preventDefault(); this.#take(suggestion); },
    }, suggestion.nodes)));
    this.#mark();
  }

  #mark() {
    [...this.hints.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === this.#at)));
    if (this.#shown.length) this.input.setAttribute("aria-activedescendant", `${this.hints.id}-${this.#at}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  #take({ insert, from }) {
    const { value, selectionStart } = this.input;
    this.input.value = value.slice(0, from) + insert + value.slice(selectionStart);
    this.input.selectionStart = this.input.selectionEnd = from + insert.length;
    this.input.focus();
    this.#changed();
  }

  #key(event) {
    this.shift = event.shiftKey;
    const open = this.#shown.length > 0;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      this.#at = (this.#at + (event.key === "ArrowDown" ? 1 : -1) + this.#shown.length) % this.#shown.length;
      this.#mark();
    } else if (open && event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.#show([]);
    } else if (open && (event.key === "Tab" || (event.key === "Enter" && !this.#shown[this.#at].exact)) && !event.shiftKey) {
      event.preventDefault();
      this.#take(this.#shown[this.#at]);
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#send();
    }
  }

  async #send() {
    const text = this.input.value.trim();
    if (!text) return;
    const { where } = this;
    this.input.value = "";
    this.#changed();
    if (await this.send(text)) return;
    // Not taken: what was typed comes back, unless the person has already begun something else there.
    if (this.where !== where) this.#drafts.set(where, text);
    else if (!this.input.value) this.input.value = text;
    this.#changed();
  }
}
