// messages.js draws a list of messages and keeps it in step: a message that did not change keeps its node, so that
// focus, scroll position and half-filled controls survive every redraw.

import { Keyed, h, icon } from "./dom.js";
import { Surface, renderBlocks } from "./blocks.js";
import { avatar, displayName } from "./directory.js";
import { Form } from "./form.js";
import { mrkdwn } from "./mrkdwn.js";
import { reactions, toolbar } from "./toolbar.js";
import { dayHeading, full, nearDay, sameDay, time, toDate } from "./when.js";

const groupWindow = 300; // seconds in which the same author's messages share one head

export class MessageList {
  #keyed = new Keyed();
  #forms = new Map(); // ts → Form

  /** `app` offers dir, me, revision, actions, failures, openThread(ts) and permalink(channel, message). */
  constructor(app, { inThread }) {
    this.app = app;
    this.inThread = inThread;
    this.el = h("div", { class: "messages" });
  }

  /** items: messages oldest first; `unreadFrom` draws the "New" line before the first later message. */
  update(items, { channel, unreadFrom } = {}) {
    const out = [];
    let previous = null;
    let marked = unreadFrom === undefined;
    for (const message of items) {
      const date = toDate(message.ts);
      const newDay = !previous || !sameDay(toDate(previous.ts), date);
      if (newDay && !this.inThread) out.push(this.#keyed.node(`day/${message.ts}`, dayHeading(date), () => day(date)));
      if (!marked && Number(message.ts) > Number(unreadFrom) && message.user !== this.app.me.id) {
        marked = true;
        if (previous) out.push(this.#keyed.node("new", message.ts, () => h("div", { class: "new-line", role: "separator" }, h("span", {}, "New"))));
      }
      out.push(this.#message(message, channel, !newDay && !(this.inThread && previous === items[0]) && continues(previous, message)));
      if (this.inThread && items.length > 1 && message === items[0]) out.push(this.#keyed.node("count", items.length, () => replyCount(items.length - 1)));
      previous = message;
    }
    this.#keyed.put(this.el, out);
  }

  find(ts) { return this.el.querySelector(`[data-ts="${CSS.escape(ts)}"]`); }

  #message(message, channel, compact) {
    const failure = this.app.failures.get(message.ts);
    const signature = JSON.stringify([message, compact, this.app.me.id, failure, this.app.revision, channel]);
    return this.#keyed.node(`${message.ts}/${message.to ?? ""}`, signature, () => this.#draw(message, channel, compact, failure));
  }

  #draw(message, channel, compact, failure) {
    const { dir, me } = this.app;
    const author = authorOf(message, dir);
    const date = toDate(message.ts);
    const stamp = h("a", { class: "time", href: this.app.permalink(channel, message), title: full(date) }, time(date));
    return h("article", {
      class: `message ${compact ? "compact" : ""} ${message.ephemeral ? "ephemeral" : ""}`, data: { ts: message.ts },
      aria: { label: `${displayName(author)}, ${time(date)}` }, tabindex: -1,
    },
    message.ephemeral && h("div", { class: "only-you" }, icon("eye"), "Only visible to you"),
    h("div", { class: "gutter" }, compact ? stamp : avatar(author)),
    h("div", { class: "message-body" },
      !compact && h("div", { class: "meta" }, h("span", { class: "author" }, displayName(author)),
        author.is_bot && h("span", { class: "badge" }, "APP"), stamp),
      this.#content(message, channel, dir, me),
      reactions(this.app, channel, message),
      failure && h("p", { class: "failure", role: "alert" }, icon("warning"), failure),
      !this.inThread && message.reply_count > 0 && this.#replies(message)),
    toolbar(this.app, channel, message, this.inThread));
  }

  #content(message, channel, dir, me) {
    const edited = message.edited && h("span", { class: "edited" }, "(edited)");
    if (!this.#forms.has(message.ts)) this.#forms.set(message.ts, new Form());
    const form = this.#forms.get(message.ts);
    form.keep([...(message.blocks ?? []), ...(message.attachments ?? []).flatMap((one) => one.blocks ?? [])]);
    const { actions } = this.app;
    const surface = new Surface({ dir, me, form, act: (payload) => actions.press(channel, message, { ...payload, state: form.values() }),
      suggest: (payload) => actions.suggest({ channel: channel.id, ts: message.ts }, payload) });
    const attached = (message.attachments ?? []).map((one) => attachment(one, surface));
    const uploaded = (message.files ?? []).map(file);
    if (!message.blocks?.length) return [h("div", { class: "text" }, mrkdwn(message.text, dir, me), edited && [" ", edited]), attached, uploaded];
    return h("div", { class: "blocks" }, renderBlocks(message.blocks, surface), attached, uploaded, edited);
  }

  #replies(message) {
    const { dir } = this.app;
    const people = (message.reply_users ?? []).slice(0, 4).map((id) => avatar(dir.user(id), "small"));
    const count = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
    return h("button", { type: "button", class: "replies", data: { key: `replies/${message.ts}` }, onclick: () => this.app.openThread(message.ts) },
      people, h("span", { class: "reply-count" }, count), h("span", { class: "reply-last" },
        h("span", { class: "reply-when" }, message.latest_reply ? `Last reply ${nearDay(toDate(message.latest_reply))} at ${time(toDate(message.latest_reply))}` : ""),
        h("span", { class: "reply-view" }, "View thread")));
  }
}

/** An old-style attachment: a coloured bar beside its text or blocks. */
function attachment(one, surface) {
  const { dir, me } = surface;
  const el = h("div", { class: "attachment" }, one.pretext && h("div", { class: "text" }, mrkdwn(one.pretext, dir, me)),
    one.title && h("strong", {}, one.title), one.text && h("div", { class: "text" }, mrkdwn(one.text, dir, me)), renderBlocks(one.blocks, surface),
    !one.text && !one.blocks && h("div", { class: "text" }, one.fallback ?? ""));
  if (/^#?[0-9a-f]{6}$/i.test(one.color ?? "")) el.style.borderColor = "#" + one.color.replace("#", "");
  return el;
}

/** An uploaded file: a picture is shown with its name, and opens whole; anything else is there to be saved. */
function file(one) {
  const name = h("span", { class: "file-name" }, one.title || one.name);
  if (!one.mimetype?.startsWith("image/")) return h("div", { class: "file" }, h("a", { href: one.page_url, download: one.name }, icon("file"), name));
  const img = h("img", { class: "file-image", src: one.page_url, alt: one.alt_txt || one.title || one.name, loading: "lazy", referrerpolicy: "no-referrer" });
  if (one.original_w > 0) { img.width = one.original_w; img.height = one.original_h; }
  return h("div", { class: "file" }, name, h("a", { href: one.page_url, target: "_blank", rel: "noopener noreferrer", aria: { label: `Open ${one.title || one.name}` } }, img));
}

const authorOf = (message, dir) => {
  const user = dir.user(message.user) ?? { id: message.user ?? message.bot_id, name: message.user === "USLACKBOT" ? "Slackbot" : message.user ?? "app", is_bot: Boolean(message.bot_id) };
  return message.username ? { ...user, real_name: message.username } : user;
};

const continues = (previous, message) => previous && previous.user === message.user && !previous.ephemeral && !message.ephemeral &&
  previous.username === message.username && !message.blocks?.length && !previous.reply_count && Number(message.ts) - Number(previous.ts) < groupWindow;

const day = (date) => h("div", { class: "day", role: "separator" }, h("span", {}, dayHeading(date)));

const replyCount = (n) => h("div", { class: "reply-rule" }, h("span", {}, n === 1 ? "1 reply" : `${n} replies`));

/** The channel's own messages with what its threads add to them: how many replies, by whom, when. */
export function topLevel(messages) {
  const threads = new Map();
  for (const message of messages) {
    if (!message.thread_ts || message.thread_ts === message.ts || message.ephemeral) continue;
    if (!threads.has(message.thread_ts)) threads.set(message.thread_ts, []);
    threads.get(message.thread_ts).push(message);
  }
  return messages.filter((message) => !isReply(message) || message.subtype === "thread_broadcast").map((message) => {
    const replies = threads.get(message.ts);
    if (!replies) return message;
    return { ...message, reply_count: replies.length, latest_reply: replies.at(-1).ts, reply_users: [...new Set(replies.map((reply) => reply.user))] };
  });
}

export const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;

export const threadOf = (messages, ts) => messages.filter((message) => message.ts === ts || message.thread_ts === ts);
