// unread.js remembers, per person and channel, up to where they have read. It lives in this browser only.

import { isReply } from "./messages.js";

const key = (user) => `localslack.read.${user.id}`;

function load(user) {
  try {
    return JSON.parse(localStorage.getItem(key(user))) ?? {};
  } catch {
    return {}; // somebody else's value under our key: start again
  }
}

export const readMark = (user, channel) => load(user)[channel.id];

export function markRead(user, channel, messages) {
  const last = messages.filter((message) => !isReply(message)).at(-1)?.ts;
  const marks = load(user);
  if (!last || Number(marks[channel.id] ?? 0) >= Number(last)) return;
  localStorage.setItem(key(user), JSON.stringify({ ...marks, [channel.id]: last }));
}

/** {count, mentioned} of what this person has not seen in a channel. */
export function unread(user, channel, messages) {
  const mark = Number(readMark(user, channel) ?? 0);
  const fresh = messages.filter((message) => !isReply(message) && Number(message.ts) > mark && message.user !== user.id);
  return { count: fresh.length, mentioned: fresh.some((message) => mentions(message, user)) };
}

function mentions(message, user) {
  const raw = JSON.stringify([message.text, message.blocks]);
  return raw.includes(`<@${user.id}>`) || raw.includes(`"user_id":"${user.id}"`) || message.ephemeral === true;
}
