// status.js is how people say what they are doing: a status, presence, do-not-disturb. Apps read it and route by it.

import { emojiFor } from "./emoji.js";
import { openMenu } from "./overlay.js";

const ready = [
  { status_text: "Out for lunch", status_emoji: ":pizza:", status_minutes: 60 },
  { status_text: "In a meeting", status_emoji: ":calendar:", status_minutes: 60 },
  { status_text: "On holiday", status_emoji: ":airplane:" },
];

const glyph = (code) => emojiFor(String(code ?? "").replaceAll(":", "")) ?? "";

/** Whether do-not-disturb is on now. */
export const quiet = (user) => Number(user.dnd_end ?? 0) * 1000 > Date.now();

/** What is known of a person in a few signs, and the same in words. */
export const signs = (user) => [glyph(user.status_emoji), quiet(user) && "🌙", user.away && "○"].filter(Boolean).join(" ");

export const inWords = (user) => [user.status_text, quiet(user) && "notifications paused", user.away && "away"].filter(Boolean).join(", ");

/** The menu in which the acting person sets their own. */
export function chooseStatus(app, anchor) {
  const set = (change) => app.actions.person(change);
  openMenu(anchor, [
    ...ready.map((one) => ({ label: `${glyph(one.status_emoji)} ${one.status_text}`, hint: one.status_minutes ? "for an hour" : "", onPick: () => set(one) })),
    app.me.status_text && { label: "Clear status", onPick: () => set({ status_text: "", status_emoji: "" }) },
    { label: app.me.away ? "Set yourself as active" : "Set yourself as away", onPick: () => set({ away: !app.me.away }) },
    quiet(app.me) ? { label: "Resume notifications", onPick: () => set({ dnd_minutes: 0 }) }
      : { label: "Pause notifications", hint: "for an hour", onPick: () => set({ dnd_minutes: 60 }) },
  ].filter(Boolean), { label: "Status", align: "right" });
}
