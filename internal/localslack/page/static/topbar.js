// topbar.js is the strip above everything: connection, theme, inspector, and who one is acting as.

import { h, icon } from "./dom.js";
import { avatar, displayName } from "./directory.js";
import { openMenu } from "./overlay.js";
import { chooseStatus, inWords, signs } from "./status.js";

const themeKey = "localslack.theme";

export class TopBar {
  constructor(app) {
    this.app = app;
    this.el = document.getElementById("topbar");
    this.offline = h("span", { class: "offline", role: "status", hidden: true }, "Reconnecting…");
    this.theme = h("button", { type: "button", class: "bar-button", aria: { label: "Switch between light and dark" }, onclick: () => this.#switchTheme() });
    this.inspect = h("button", { type: "button", class: "bar-button", aria: { label: "Traffic inspector", pressed: "false" }, onclick: () => app.toggleInspector() }, icon("code"));
    this.status = h("button", { type: "button", class: "bar-button", id: "status", aria: { haspopup: "menu" }, onclick: () => chooseStatus(app, this.status) });
    this.who = h("button", { type: "button", class: "who", id: "act-as", aria: { haspopup: "menu" }, onclick: () => this.#chooseWho() });
    this.el.replaceChildren(h("span", { class: "local" }, "A local workspace that speaks Slack's protocol"), this.offline, this.theme, this.inspect, this.status, this.who);
    this.#setTheme(localStorage.getItem(themeKey));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#setTheme(localStorage.getItem(themeKey)));
  }

  update() {
    const { me, online, inspecting } = this.app;
    this.offline.hidden = online;
    this.inspect.setAttribute("aria-pressed", String(inspecting));
    this.status.setAttribute("aria-label", `Your status: ${inWords(me) || "none"}. Change`);
    this.status.replaceChildren(signs(me) || icon("smile"));
    this.who.setAttribute("aria-label", `Acting as ${displayName(me)}. Change`);
    this.who.replaceChildren(h("span", { class: "who-label" }, "Acting as"), avatar(me, "tiny"), h("b", {}, displayName(me)), icon("chevron"));
  }

  #chooseWho() {
    const { app } = this;
    openMenu(this.who, app.dir.people().map((user) => ({
      label: displayName(user), hint: roles(user, app.dir), node: avatar(user, "tiny"), checked: user.id === app.me.id,
      onPick: () => app.actAs(user),
    })), { label: "Act as", align: "right" });
  }

  #switchTheme() {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const now = document.documentElement.dataset.theme || (dark ? "dark" : "light");
    this.#setTheme(now === "dark" ? "light" : "dark");
  }

  /** null follows the system. */
  #setTheme(theme) {
    if (theme === "dark" || theme === "light") {
      document.documentElement.dataset.theme = theme;
      localStorage.setItem(themeKey, theme);
    }
    const dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
    this.theme.replaceChildren(icon(dark ? "sun" : "moon"));
  }
}

export const roles = (user, dir) => [user.is_restricted && "guest", ...(user.groups ?? []).map((id) => "@" + dir.groupName(id))].filter(Boolean).join(" ") || user.title || "";
