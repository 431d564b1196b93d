// toolbar.js is the strip of actions at a message: react, reply in its thread, and a menu with the apps' shortcuts. It
// shows while the message is pointed at or has the focus; by key there is one stop per message, the menu, which has all.

import { h, icon } from "./dom.js";
import { emojiFor } from "./emoji.js";
import { openMenu, promptDialog } from "./overlay.js";

const quick = ["+1", "eyes", "white_check_mark", "tada", "heart", "pray"]; // what people react with most

/** The toolbar of a message; none for what only Slackbot said in this page, and for what is left of a deleted one. */
export function toolbar(app, channel, message, inThread) {
  if (message.subtype === "tombstone") return undefined;
  const act = app.actions;
  if (message.ephemeral) return message.user !== "USLACKBOT" && h("button", { type: "button", class: "dismiss", onclick: () => act.remove(channel, message) }, "Dismiss message");
  const react = (anchor) => openMenu(anchor, quick.map((name) => ({
    label: `${emojiFor(name)} ${name.replaceAll("_", " ")}`, onPick: () => act.react(channel, message, name),
  })), { label: "Add a reaction", align: "right" });
  const thread = () => app.openThread(message.thread_ts ?? message.ts);
  const smile = h("button", { type: "button", class: "tool", tabindex: -1, aria: { label: "Add a reaction", haspopup: "menu" }, onclick: () => react(smile) }, icon("smile"));
  const more = h("button", {
    type: "button", class: "tool", data: { key: `more/${message.ts}` }, aria: { label: "More actions for this message", haspopup: "menu" },
    onclick: () => openMenu(more, [
      { label: "Add a reaction…", onPick: () => react(more) },
      !inThread && { label: "Reply in thread", onPick: thread },
      ...app.dir.shortcuts("message").map((one) => ({ label: one.name, hint: one.app, onPick: () => act.shortcut(channel, message, one) })),
      { label: "Copy link", onPick: () => act.copyLink(channel, message) },
      ...own(app, channel, message),
    ].filter(Boolean), { label: "Message", align: "right" }),
  }, icon("more"));
  return h("div", { class: "toolbar", role: "group", aria: { label: "Message actions" } }, smile,
    !inThread && h("button", { type: "button", class: "tool", tabindex: -1, aria: { label: "Reply in thread" }, onclick: thread }, icon("thread")), more);
}

/** What one may do with one's own message only. */
function own(app, channel, message) {
  if (message.user !== app.me.id || message.bot_id) return [];
  return [
    { label: "Edit message…", onPick: async () => {
      const text = await promptDialog({ title: "Edit message", value: app.actions.typed(message.text), confirm: "Save changes" });
      if (text) app.actions.edit(channel, message, text);
    } },
    { label: "Delete message", onPick: () => app.actions.remove(channel, message) },
  ];
}

/** The reactions under a message; one's own are pressed, and each press adds or takes back. */
export const reactions = (app, channel, message) => message.reactions?.length > 0 && h("div", { class: "reactions" }, message.reactions.map((reaction) => {
  const mine = reaction.users?.includes(app.me.id) ?? false;
  return h("button", {
    type: "button", class: "reaction", title: `:${reaction.name}:`, data: { key: `reaction/${message.ts}/${reaction.name}` },
    aria: { pressed: String(mine), label: `${reaction.name.replaceAll("_", " ")}, ${reaction.users?.length ?? reaction.count}` },
    onclick: () => app.actions.react(channel, message, reaction.name, mine),
  }, emojiFor(reaction.name) ?? `:${reaction.name}:`, h("b", {}, String(reaction.count ?? reaction.users?.length ?? 1)));
}));
