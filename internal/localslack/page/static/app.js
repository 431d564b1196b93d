// app.js holds what the page knows and where it stands; every pane draws from it. A change on the workspace's stream
// only says what to read again, so that a lost or doubled notice can never leave the page wrong for long.

import { h } from "./dom.js";
import { Actions } from "./actions.js";
import { api } from "./api.js";
import { ChannelPane } from "./channel.js";
import { Directory, avatar, displayName } from "./directory.js";
import { HomePane } from "./home.js";
import { Inspector } from "./inspector.js";
import { isReply } from "./messages.js";
import { Modals } from "./modal.js";
import { openMenu } from "./overlay.js";
import { archiveHash, parse, query } from "./route.js";
import { Sidebar } from "./sidebar.js";
import { ThreadPane } from "./thread.js";
import { TopBar, roles } from "./topbar.js";
import { markRead, readMark } from "./unread.js";

const actingKey = "localslack.as";

class App {
  place = "channel"; // or "home"
  channel = null;
  threadTs = null;
  homeApp = null;
  home = {}; // {view, error} of the App Home on screen
  unreadFrom = undefined; // where "New" is drawn in the open channel
  failures = new Map(); // message ts → what went wrong with the last press on it
  online = true;
  inspecting = false;
  revision = 0; // grows when names may have changed
  #messages = new Map(); // channel id → messages
  #drawing = false;
  #underway = new Map(); // what is about to be read again → {again}
  #state = ""; // as last read
  #asked = 0;
  #used = new Map(); // what was read → the turn of the answer in use

  async start() {
    const state = await api.state();
    if (!state.ok) throw new Error(state.error);
    this.dir = new Directory(state);
    this.#state = JSON.stringify(state);
    const wanted = query();
    this.me = this.dir.user(wanted.as ?? localStorage.getItem(actingKey)) ?? this.dir.people()[0];
    if (!this.me) throw new Error("the workspace has no people to act as");
    localStorage.setItem(actingKey, this.me.id);
    this.#mount();
    await this.#loadAll();
    const home = wanted.home !== undefined && (this.dir.user(wanted.home) ?? this.dir.apps()[0]);
    if (home) this.openHome(home);
    else this.openChannel(this.dir.channel(wanted.channel) ?? this.dir.rooms()[0], { keepHash: true });
    this.#follow();
    if (this.place === "channel" && !location.hash) requestAnimationFrame(() => this.panes[0].composer.focus());
    api.stream({ onChange: (change) => this.#changed(change), onUp: () => this.#connected(true), onDown: () => this.#connected(false) });
  }

  #mount() {
    this.actions = new Actions(this);
    this.sidebar = new Sidebar(this);
    this.topbar = new TopBar(this);
    this.panes = [new ChannelPane(this), new ThreadPane(this), new HomePane(this)];
    this.modals = new Modals(this);
    this.inspector = new Inspector(this);
    document.getElementById("panes").replaceChildren(this.panes[0].el, this.panes[2].el, this.panes[1].el);
    document.getElementById("drawer").replaceChildren(this.inspector.el);
    this.live = document.getElementById("live");
    addEventListener("popstate", () => this.#follow());
    document.addEventListener("visibilitychange", () => this.render());
    document.addEventListener("click", (event) => this.#clicked(event));
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && this.threadTs) this.closeThread(); });
  }

  /** Draws once per frame however often it is asked. */
  render() {
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      for (const pane of this.panes) pane.update();
      if (this.place === "channel" && this.channel && document.visibilityState === "visible") markRead(this.me, this.channel, this.messagesOf(this.channel));
      this.sidebar.update();
      this.topbar.update();
      const unseen = this.place === "channel" ? `#${this.channel?.name}` : displayName(this.homeApp);
      document.title = `${unseen} · ${this.dir.teamName()}`;
    });
  }

  messagesOf(channel) {
    const notices = this.actions.notices.get(channel.id) ?? [];
    const messages = this.#messages.get(channel.id) ?? [];
    return notices.length ? [...messages, ...notices.filter((notice) => notice.to === this.me.id)].sort((a, b) => a.ts - b.ts) : messages;
  }

  // Reading

  async #loadAll() {
    await Promise.all([...this.dir.channels.map((channel) => this.loadMessages(channel)), this.refreshViews()]);
  }

  async loadMessages(channel, announce = false) {
    const me = this.me.id; // by id: whenever the directory is read, people are made anew
    const current = this.#turn(channel.id);
    const answer = await api.messages(channel.id, me);
    if (!answer.ok || me !== this.me.id || !current()) return;
    const known = new Set((this.#messages.get(channel.id) ?? []).map((message) => message.ts));
    this.#messages.set(channel.id, answer.messages ?? []);
    if (announce) this.#announce(channel, (answer.messages ?? []).filter((message) => !known.has(message.ts)));
    this.render();
  }

  /** Answers whether nothing asked later about the same thing has been used already: answers may overtake each other. */
  #turn(name) {
    const turn = ++this.#asked;
    return () => {
      if (turn < (this.#used.get(name) ?? 0)) return false;
      this.#used.set(name, turn);
      return true;
    };
  }

  say(text) { this.live.textContent = text; }

  #announce(channel, fresh) {
    for (const message of fresh.slice(-3)) {
      if (message.user === this.me.id) continue;
      this.say(`${displayName(this.dir.user(message.user))} in ${channel.is_im ? "a direct message" : channel.name}: ${message.text ?? ""}`);
    }
  }

  async refreshViews() {
    const me = this.me.id;
    const current = this.#turn("views");
    const answer = await api.views(me);
    if (!answer.ok || me !== this.me.id || !current()) return;
    const views = answer.views ?? [];
    this.modals.update(views.filter((view) => view.type !== "home"));
    const own = views.filter((view) => view.type === "home");
    const registered = this.dir.appOf(this.homeApp);
    const view = registered ? own.find((one) => one.app_id === registered.id) : own.at(-1);
    if (this.homeApp && view) this.home = { view };
    this.render();
  }

  async #refreshDirectory() {
    const state = await api.state();
    if (!state.ok || JSON.stringify(state) === this.#state) return;
    this.#state = JSON.stringify(state);
    this.dir = new Directory(state);
    this.me = this.dir.user(this.me.id) ?? this.me;
    if (this.channel) this.channel = this.dir.channel(this.channel.id) ?? this.channel;
    this.revision++;
    this.render();
  }

  #changed(change) {
    if (change.kind === "message") this.#soon(`channel ${change.channel}`, () => this.#channelChanged(change.channel));
    else if (change.kind === "view" || change.kind === "home") this.#soon("views", () => this.refreshViews());
    else this.#soon("directory", () => this.#refreshDirectory());
  }

  async #channelChanged(key) {
    if (!this.dir.channel(key)) await this.#refreshDirectory(); // a conversation opened since
    const channel = this.dir.channel(key);
    if (channel) await this.loadMessages(channel, true);
  }

  /** Runs `work` shortly, once for a burst of notices about the same thing, and never twice at the same time. */
  #soon(name, work) {
    const under = this.#underway.get(name);
    if (under) { under.again = true; return; }
    const turn = { again: false };
    this.#underway.set(name, turn);
    setTimeout(async () => {
      turn.again = false; // notices until now are covered by what is read next
      await work();
      this.#underway.delete(name);
      if (turn.again) this.#soon(name, work);
    }, 30);
  }

  /** Whatever changed while no stream was open (before the first, too) was told to nobody: read it all again. */
  #connected(online) {
    this.online = online;
    this.render();
    if (online) this.#refreshDirectory().then(() => this.#loadAll());
  }

  // Where one stands

  openChannel(channel, { keepHash = false } = {}) {
    if (!channel) return;
    if (this.channel !== channel) this.threadTs = null;
    this.place = "channel";
    this.homeApp = null;
    this.channel = channel;
    this.unreadFrom = readMark(this.me, channel);
    this.#remember(keepHash ? location.hash : "");
  }

  async openHome(user) {
    this.place = "home";
    this.threadTs = null;
    if (this.homeApp?.id !== user.id) this.home = {};
    this.homeApp = user;
    this.#remember();
    const answer = await api.home({ user: this.me.id });
    if (answer.ok) await this.refreshViews();
    else this.home = { ...this.home, error: `${displayName(user)} did not publish its home: ${answer.error}` };
    this.render();
  }

  openThread(ts) {
    this.threadTs = ts;
    this.render();
    requestAnimationFrame(() => requestAnimationFrame(() => this.panes[1].composer.focus()));
  }

  closeThread() {
    this.threadTs = null;
    this.render();
    this.panes[0].composer.focus();
  }

  async actAs(user) {
    this.me = user;
    localStorage.setItem(actingKey, user.id);
    this.#messages.clear();
    this.failures.clear();
    this.home = {};
    if (this.channel) this.unreadFrom = readMark(user, this.channel);
    this.#remember(location.hash);
    await this.#loadAll();
    if (this.place === "home") this.openHome(this.homeApp);
  }

  showPerson(user, anchor) {
    openMenu(anchor, [{ node: avatar(user), label: `Act as ${displayName(user)}`, hint: roles(user, this.dir), onPick: () => this.actAs(user) }], { label: displayName(user) });
  }

  toggleInspector() {
    this.inspecting = this.inspector.toggle();
    this.render();
  }

  permalink(channel, message) {
    return `#${encodeURIComponent(keyOf(channel))}/${message.ts}`;
  }

  #remember(hash = "") {
    const place = this.place === "home" ? { home: this.homeApp.name } : { channel: keyOf(this.channel) };
    history.replaceState(null, "", `?${new URLSearchParams({ as: this.me.name, ...place })}${hash}`);
    this.render();
  }

  #clicked(event) {
    const anchor = event.target.closest?.("a[href]");
    if (!anchor || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const href = anchor.getAttribute("href");
    const hash = href.startsWith("#") ? href : archiveHash(href);
    if (!hash || !this.dir.channel(parse(hash)?.channel)) return;
    event.preventDefault();
    history.pushState(null, "", hash);
    this.#follow();
  }

  /** Opens what the address names: #channel, or #channel/ts, which shows and marks that message. */
  #follow() {
    const target = parse(location.hash);
    const channel = target && this.dir.channel(target.channel);
    if (!channel) return;
    this.openChannel(channel, { keepHash: true });
    const message = this.messagesOf(channel).find((one) => one.ts === target.ts);
    if (!message) return;
    if (isReply(message)) this.threadTs = message.thread_ts;
    this.panes[0].reach(message.thread_ts ?? message.ts);
    this.render();
    setTimeout(() => this.#mark(message.ts), 60); // after the panes have been drawn
  }

  #mark(ts) {
    const node = this.panes[1].list.find(ts) ?? this.panes[0].list.find(ts);
    node?.scrollIntoView({ block: "center" });
    node?.classList.add("marked");
    node?.focus({ preventScroll: true });
    setTimeout(() => node?.classList.remove("marked"), 4000);
  }
}

/** How addresses name a channel. */
const keyOf = (channel) => (channel.is_im ? channel.id : channel.name);

const app = new App();
app.start().catch((error) => {
  document.getElementById("panes").replaceChildren(h("main", { class: "pane" }, h("p", { class: "empty", role: "alert" }, `The workspace could not be opened: ${error.message}. Reload to try again.`)));
});
