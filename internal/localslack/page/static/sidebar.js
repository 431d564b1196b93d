// sidebar.js draws the left column: the workspace's name, channels, people and apps. Up and Down move through it.

import { h } from "./dom.js";
import { avatar, displayName, isMember } from "./directory.js";
import { moveFocus } from "./overlay.js";
import { unread } from "./unread.js";

export class Sidebar {
  constructor(app) {
    this.app = app;
    this.el = document.getElementById("sidebar");
    this.el.addEventListener("keydown", (event) => moveFocus(event, [...this.el.querySelectorAll(".side-item")]));
  }

  update() {
    const { dir, me } = this.app;
    const focused = this.el.contains(document.activeElement) && document.activeElement.dataset.key;
    const rooms = dir.rooms();
    this.el.replaceChildren(
      h("div", { class: "team" }, dir.teamName()),
      list("Channels", [
        ...rooms.filter((channel) => isMember(channel, me)).map((channel) => this.#channel(channel, "")),
        ...rooms.filter((channel) => !isMember(channel, me)).map((channel) => this.#channel(channel, "outside")),
      ]),
      list("Direct messages", [...dir.people(), ...dir.apps().filter((user) => dir.direct(me, user))].map((user) => this.#person(user))),
      list("Apps", dir.apps().map((user) => this.#appItem(user))));
    for (const item of this.el.querySelectorAll(".side-item")) item.tabIndex = item.getAttribute("aria-current") ? 0 : -1;
    if (!this.el.querySelector("[tabindex='0']")) this.el.querySelector(".side-item")?.setAttribute("tabindex", "0");
    if (focused) this.el.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  #channel(channel, extra) {
    const { app } = this;
    const { count, mentioned } = unread(app.me, channel, app.messagesOf(channel));
    const fresh = extra ? 0 : count;
    return item({
      key: channel.id, current: app.place === "channel" && app.channel?.id === channel.id, fresh, mentioned, extra,
      mark: h("span", { class: "hash", aria: { hidden: true } }, "#"), label: channel.name,
      spoken: `channel ${channel.name}${fresh ? `, ${fresh} unread` : ""}`, onclick: () => app.openChannel(channel),
    });
  }

  #person(user) {
    const { app } = this;
    const direct = app.dir.direct(app.me, user);
    const { count } = direct ? unread(app.me, direct, app.messagesOf(direct)) : { count: 0 };
    return item({
      key: `dm/${user.id}`, fresh: count, mentioned: count > 0, current: app.place === "channel" && direct && app.channel?.id === direct.id,
      mark: avatar(user, "tiny"), label: displayName(user), note: user.id === app.me.id ? "you" : "",
      spoken: `${displayName(user)}${user.id === app.me.id ? ", you" : ""}`,
      onclick: (event) => (direct ? app.openChannel(direct) : app.showPerson(user, event.currentTarget)),
    });
  }

  #appItem(user) {
    const { app } = this;
    return item({
      key: user.id, current: app.place === "home" && app.homeApp?.id === user.id, mark: avatar(user, "tiny"),
      label: displayName(user), spoken: `${displayName(user)}, app home`, onclick: () => app.openHome(user),
    });
  }
}

const list = (title, items) => (items.length === 0 ? "" : h("section", { class: "side-section", aria: { label: title } }, h("h2", {}, title), items));

function item({ key, current, fresh = 0, mentioned, extra = "", mark, label, note, spoken, onclick }) {
  const count = fresh > 99 ? "99+" : String(fresh);
  return h("button", {
    type: "button", class: `side-item ${fresh ? "fresh" : ""} ${extra}`, data: { key }, onclick,
    aria: { current: current ? "page" : null, label: spoken },
  }, mark, h("span", { class: "side-label" }, label), note && h("span", { class: "side-note" }, note),
  fresh > 0 && h("span", { class: `count ${mentioned ? "mentioned" : ""}` }, count));
}
