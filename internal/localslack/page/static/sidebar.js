// sidebar.js draws the left column: the workspace's name, channels, people and apps. Up and Down move through it.

import { Keyed, h } from "./dom.js";
import { avatar, displayName, isMember } from "./directory.js";
import { moveFocus } from "./overlay.js";
import { inWords, signs } from "./status.js";
import { unread } from "./unread.js";

export class Sidebar {
  #keyed = { channels: new Keyed(), direct: new Keyed(), apps: new Keyed() };

  constructor(app) {
    this.app = app;
    this.el = document.getElementById("sidebar");
    this.team = h("div", { class: "team" });
    this.lists = { channels: section("Channels"), direct: section("Direct messages"), apps: section("Apps") };
    this.el.replaceChildren(this.team, ...Object.values(this.lists).map((list) => list.parentElement));
    this.el.addEventListener("keydown", (event) => moveFocus(event, [...this.el.querySelectorAll(".side-item")]));
  }

  update() {
    const { dir, me } = this.app;
    const rooms = dir.rooms();
    this.team.textContent = dir.teamName();
    this.#put("channels", [
      ...rooms.filter((channel) => isMember(channel, me)).map((channel) => this.#channel(channel, "")),
      ...rooms.filter((channel) => !isMember(channel, me)).map((channel) => this.#channel(channel, "outside")),
    ]);
    this.#put("direct", [...dir.people(), ...dir.apps().filter((user) => dir.direct(me, user))].map((user) => this.#person(user)));
    this.#put("apps", dir.apps().map((user) => this.#appItem(user)));
    const items = [...this.el.querySelectorAll(".side-item")];
    const entry = items.find((one) => one.getAttribute("aria-current")) ?? items[0];
    for (const one of items) one.tabIndex = one === entry ? 0 : -1;
  }

  #put(list, items) {
    const keyed = this.#keyed[list];
    keyed.put(this.lists[list], items.map((one) => keyed.node(one.key, JSON.stringify([one, this.app.me.id, this.app.revision]), () => item(one))));
    this.lists[list].parentElement.hidden = items.length === 0;
  }

  #channel(channel, extra) {
    const { app } = this;
    const { count, mentioned } = unread(app.me, channel, app.messagesOf(channel));
    const fresh = extra ? 0 : count;
    return {
      key: channel.id, current: app.place === "channel" && app.channel?.id === channel.id, fresh, mentioned, extra,
      mark: () => h("span", { class: "hash", aria: { hidden: true } }, "#"), label: channel.name,
      spoken: `channel ${channel.name}${fresh ? `, ${fresh} unread` : ""}`, onclick: () => app.openChannel(channel),
    };
  }

  #person(user) {
    const { app } = this;
    const direct = app.dir.direct(app.me, user);
    const { count } = direct ? unread(app.me, direct, app.messagesOf(direct)) : { count: 0 };
    return {
      key: `dm/${user.id}`, fresh: count, mentioned: count > 0, current: app.place === "channel" && direct && app.channel?.id === direct.id,
      mark: () => avatar(user, "tiny"), label: displayName(user), note: [user.id === app.me.id && "you", signs(user)].filter(Boolean).join(" "),
      spoken: [displayName(user), user.id === app.me.id && "you", inWords(user)].filter(Boolean).join(", "),
      onclick: (event) => (direct ? app.openChannel(direct) : app.showPerson(user, event.currentTarget)),
    };
  }

  #appItem(user) {
    const { app } = this;
    return {
      key: user.id, current: app.place === "home" && app.homeApp?.id === user.id, mark: () => avatar(user, "tiny"),
      label: displayName(user), spoken: `${displayName(user)}, app home`, onclick: () => app.openHome(user),
    };
  }
}

/** A titled list; answers the element that holds its items. */
function section(title) {
  const items = h("div", {});
  h("section", { class: "side-section", aria: { label: title } }, h("h2", {}, title), items);
  return items;
}

function item({ key, current, fresh = 0, mentioned, extra = "", mark, label, note, spoken, onclick }) {
  const count = fresh > 99 ? "99+" : String(fresh);
  return h("button", {
    type: "button", class: `side-item ${fresh ? "fresh" : ""} ${extra}`, data: { key }, onclick,
    aria: { current: current ? "page" : null, label: spoken },
  }, mark(), h("span", { class: "side-label" }, label), note && h("span", { class: "side-note" }, note),
  fresh > 0 && h("span", { class: `count ${mentioned ? "mentioned" : ""}` }, count));
}
