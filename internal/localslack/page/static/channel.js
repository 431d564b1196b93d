// channel.js is the middle pane (a channel with its composer); thread.js is its sibling on the right.

import { h } from "./dom.js";
import { Composer } from "./composer.js";
import { displayName, isMember } from "./directory.js";
import { MessageList, topLevel } from "./messages.js";

const page = 200; // messages drawn at once; a busy channel is not drawn whole at every change

export class ChannelPane {
  constructor(app) {
    this.app = app;
    this.list = new MessageList(app, { inThread: false });
    this.title = h("h1", {});
    this.topic = h("span", { class: "topic" });
    this.earlier = h("button", { type: "button", class: "button earlier", hidden: true, onclick: () => { this.drawn += page; this.update(); } }, "Show earlier messages");
    this.scroll = h("div", { class: "scroll", tabindex: -1, role: "region", aria: { label: "Messages" } }, this.earlier, this.list.el);
    this.below = h("button", { type: "button", class: "button below", hidden: true, onclick: () => this.toEnd() });
    this.toEnd = stayAtEnd(this.scroll, this.list.el, () => { this.below.hidden = true; });
    this.notice = h("div", { class: "pane-notice", hidden: true });
    this.composer = new Composer(app, { id: "composer", commands: true, send: (text) => app.actions.send(text), share: (file) => app.actions.share(file) });
    this.el = h("main", { class: "pane channel", id: "channel" }, h("header", { class: "pane-head" }, this.title, this.topic), this.scroll, this.below, this.notice, this.composer.el);
  }

  update() {
    const { channel, me, place } = this.app;
    this.el.hidden = place !== "channel" || !channel;
    if (this.el.hidden) return;
    const moved = this.shown !== channel.id;
    this.shown = channel.id;
    const name = channel.is_im ? displayName(this.#other(channel)) : `# ${channel.name}`;
    this.title.textContent = name;
    this.topic.textContent = typeof channel.topic === "string" ? channel.topic : channel.topic?.value ?? "";
    if (moved) this.drawn = page;
    const all = topLevel(this.app.messagesOf(channel));
    this.#tellOfNew(all, moved);
    if (this.wanted) this.drawn = Math.max(this.drawn, all.length - all.findIndex((message) => message.ts === this.wanted));
    this.wanted = undefined;
    this.earlier.hidden = all.length <= this.drawn;
    this.list.update(all.slice(-this.drawn), { channel, unreadFrom: this.app.unreadFrom });
    const outside = !isMember(channel, me);
    this.notice.textContent = outside ? `${displayName(me)} is not a member of #${channel.name} and only looks in.`
      : channel.is_archived ? `#${channel.name} is archived.`
      : channel.is_read_only ? "Sending messages to this app has been turned off." : "";
    this.notice.hidden = this.notice.textContent === "";
    this.composer.el.hidden = !this.notice.hidden;
    this.composer.update(channel.id, `Message ${name.replace("# ", "#")}`);
    if (moved) this.toEnd();
  }

  /** Draws far enough back for this message to be there at the next update. */
  reach(ts) { this.wanted = ts; }

  /** Says that something new stands below what is in view: an answer to one's own press would else go unnoticed. */
  #tellOfNew(all, moved) {
    const last = all.at(-1);
    if (!moved && last && Number(last.ts) > this.newest && last.user !== this.app.me.id && !atEnd(this.scroll)) {
      this.below.textContent = last.ephemeral ? "An answer only for you, below" : "New messages below";
      this.below.hidden = false;
    } else if (moved) this.below.hidden = true;
    this.newest = Number(last?.ts ?? 0);
  }

  #other(channel) {
    const { dir, me } = this.app;
    const others = (channel.members ?? []).map((key) => dir.user(key)).filter((user) => user && user.id !== me.id);
    return others[0] ?? dir.user(channel.user) ?? me;
  }
}

/** Whether a scrolled box shows its end. */
export const atEnd = (el) => el.scrollHeight - el.scrollTop - el.clientHeight < 80;

/** Keeps a box that shows its end there while its content grows (messages, images that arrive late); onEnd tells of reaching it. */
export function stayAtEnd(box, content, onEnd = () => {}) {
  let pinned = true;
  const toEnd = () => { pinned = true; box.scrollTop = box.scrollHeight; };
  box.addEventListener("scroll", () => { pinned = atEnd(box); if (pinned) onEnd(); });
  const watch = new ResizeObserver(() => { if (pinned) box.scrollTop = box.scrollHeight; });
  watch.observe(content);
  watch.observe(box);
  return toEnd;
}
