// directory.js knows who and what the workspace holds: people, channels and user groups, by id or by name.

import { h } from "./dom.js";

const palette = ["#1d9bd1", "#2bac76", "#e8912d", "#7c3aed", "#d6336c", "#0b7285", "#a8502d", "#5c6b2f", "#3b5bdb", "#9c36b5"];

export class Directory {
  constructor(state) {
    this.users = state.users ?? [];
    this.channels = state.channels ?? [];
    this.groups = state.groups ?? [];
    this.commands = state.commands ?? [];
    this.registered = state.apps ?? [];
    this.team = state.team ?? {};
  }

  user(key) { return find(this.users, key); }
  channel(key) { return find(this.channels, key); }
  group(key) { return this.groups.find((group) => group.id === key || group.handle === key); }

  people() { return this.users.filter((user) => !user.is_bot && !user.deleted); }
  apps() { return this.users.filter((user) => user.is_bot && !user.deleted && user.id !== "USLACKBOT"); }
  rooms() { return this.channels.filter((channel) => !channel.is_im && !channel.is_mpim); }

  /** The shortcuts of all apps that stand in the menu of a message, or in that of the composer ("global"). */
  shortcuts(type) {
    return this.registered.flatMap((app) => (app.shortcuts ?? []).filter((one) => one.type === type).map((one) => ({ ...one, app: app.name, bot: app.bot_user })));
  }

  teamName() { return (typeof this.team === "string" ? this.team : this.team.name) || "Workspace"; }
  groupName(key) { return this.group(key)?.handle ?? key; }

  /** The app behind a bot user, as {id, bot_id, …}. */
  appOf(user) { return this.registered.find((app) => app.bot_user === user?.id); }

  /** The direct conversation of two, where the workspace has one. */
  direct(me, other) {
    return other.id === me.id ? undefined
      : this.channels.find((channel) => channel.is_im && isMember(channel, other) && isMember(channel, me));
  }
}

const find = (list, key) => list.find((item) => item.id === key) ?? list.find((item) => item.name === key);

/** A channel that lists no members is open to everybody. */
export function isMember(channel, user) {
  return !channel.members || channel.members.some((key) => key === user.id || key === user.name);
}

export const displayName = (user) => user?.real_name || user?.name || "unknown";

/** A rounded square with initials, as Slack draws people without a photo. */
export function avatar(user, size = "") {
  const name = displayName(user);
  const initials = name.split(/[\s._-]+/).filter(Boolean).slice(0, 2).map((word) => [...word][0]).join("").toUpperCase();
  const el = h("span", { class: `avatar ${size}`, aria: { hidden: true } }, initials);
  const background = colour(user, name);
  el.style.backgroundColor = background;
  el.style.color = isBright(background) ? "#1d1c1d" : "#fff";
  return el;
}

function colour(user, name) {
  const own = String(user?.color ?? user?.colour ?? "").replace(/^#/, "");
  if (/^[0-9a-f]{6}$/i.test(own)) return "#" + own;
  let sum = 0;
  for (const char of user?.id ?? name) sum = (sum * 31 + char.codePointAt(0)) >>> 0;
  return palette[sum % palette.length];
}

/** Whether dark initials read better on "#rrggbb" (relative luminance, WCAG 2). */
function isBright(hex) {
  const [r, g, b] = [1, 3, 5].map((at) => (Number.parseInt(hex.slice(at, at + 2), 16) / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.36;
}
