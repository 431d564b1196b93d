// thread.js is the right pane: one thread with its own composer.

import { h, icon } from "./dom.js";
import { stayAtEnd } from "./channel.js";
import { Composer } from "./composer.js";
import { MessageList, threadOf } from "./messages.js";

export class ThreadPane {
  constructor(app) {
    this.app = app;
    this.list = new MessageList(app, { inThread: true });
    this.where = h("span", { class: "topic" });
    this.scroll = h("div", { class: "scroll", tabindex: -1, role: "region", aria: { label: "Thread" } }, this.list.el);
    this.toEnd = stayAtEnd(this.scroll, this.list.el);
    this.composer = new Composer(app, { id: "thread-composer", commands: false, send: (text) => app.actions.reply(text), share: (file) => app.actions.share(file, app.threadTs) });
    this.el = h("aside", { class: "pane thread", id: "thread", aria: { label: "Thread" }, hidden: true },
      h("header", { class: "pane-head" }, h("h1", {}, "Thread"), this.where,
        h("button", { type: "button", class: "icon-button", aria: { label: "Close thread" }, onclick: () => app.closeThread() }, icon("close"))),
      this.scroll, this.composer.el);
  }

  update() {
    const { channel, threadTs, place } = this.app;
    const items = place === "channel" && channel && threadTs ? threadOf(this.app.messagesOf(channel), threadTs) : [];
    this.el.hidden = items.length === 0;
    if (this.el.hidden) { this.shown = undefined; return; }
    const moved = this.shown !== threadTs;
    this.shown = threadTs;
    this.where.textContent = channel.is_im ? "" : `# ${channel.name}`;
    this.list.update(items, { channel });
    this.composer.update(`${channel.id}/${threadTs}`, "Reply…");
    if (moved) this.toEnd();
  }
}
