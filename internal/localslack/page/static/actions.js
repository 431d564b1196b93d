// actions.js is what a person does: press, send, reply, run a command. What goes wrong is told to that person, at the
// message they pressed or by Slackbot, and stays in this page.

import { accepted, api } from "./api.js";
import { displayName } from "./directory.js";
import { decode, encode } from "./mrkdwn.js";

export class Actions {
  notices = new Map(); // channel id → what Slackbot told only this page

  constructor(app) {
    this.app = app;
  }

  async press(channel, message, payload) {
    this.app.failures.delete(message.ts);
    const answer = await api.click({ channel: channel.id, ts: message.ts, user: this.app.me.id, ...payload });
    if (!accepted(answer)) this.app.failures.set(message.ts, this.#failure(message.user, answer));
    await Promise.all([this.app.loadMessages(channel), this.app.refreshViews()]);
    return answer;
  }

  /** Types into a menu whose options the app supplies; answers them. */
  async suggest(at, payload) {
    const answer = await api.suggest({ ...at, user: this.app.me.id, ...payload });
    return answer.options ?? (answer.option_groups ?? []).flatMap((group) => group.options);
  }

  react(channel, message, name, remove = false) { return this.#alter("react", channel, message, { name, remove }); }

  edit(channel, message, text) { return this.#alter("edit", channel, message, { text: encode(text, this.app.dir) }); }

  remove(channel, message) { return this.#alter("remove", channel, message, {}); }

  /** A message's text as one would type it. */
  typed(text) { return decode(text, this.app.dir); }

  async #alter(what, channel, message, more) {
    const answer = await api[what]({ channel: channel.id, ts: message.ts, user: this.app.me.id, ...more });
    if (!answer.ok) this.app.failures.set(message.ts, `That did not work: ${answer.error}.`);
    else this.app.failures.delete(message.ts);
    await this.app.loadMessages(channel);
  }

  async shortcut(channel, message, { callback_id, name, bot }) {
    const at = message ? { channel: channel.id, ts: message.ts } : {};
    const answer = await api.shortcut({ callback_id, user: this.app.me.id, ...at });
    if (!accepted(answer) && message) this.app.failures.set(message.ts, this.#failure(bot, answer));
    else if (!accepted(answer)) this.#slackbot(channel, `${name} did not work: ${answer.error}.`);
    await Promise.all([this.app.loadMessages(channel), this.app.refreshViews()]);
  }

  async copyLink(channel, message) {
    const link = new URL(this.app.permalink(channel, message), location.href).href;
    try {
      await navigator.clipboard.writeText(link);
      this.app.say("Link copied");
    } catch {
      this.app.failures.set(message.ts, `This browser did not let the page copy. The link is ${link}`);
      this.app.render();
    }
  }

  async person(change) {
    const answer = await api.person({ user: this.app.me.id, ...change });
    this.app.say(answer.ok ? "Your status is set" : `Your status was not set: ${answer.error}`);
  }

  async pressView(view, payload) {
    const answer = await api.click({ view_id: view.id, user: this.app.me.id, ...payload });
    await this.app.refreshViews();
    if (!accepted(answer) && view.type === "home") this.app.home = { ...this.app.home, error: this.#failure(this.app.homeApp?.id, answer) };
    this.app.render();
    return answer;
  }

  #failure(author, answer) {
    const name = displayName(this.app.dir.user(author));
    return `${name} did not take this: ${answer.error ?? "it did not respond in time"}. Try again.`;
  }

  async send(text) {
    const { channel } = this.app;
    if (text.startsWith("/")) return this.#command(channel, text);
    const answer = await api.message({ channel: channel.id, text: encode(text, this.app.dir), user: this.app.me.id });
    if (!answer.ok) this.#slackbot(channel, `Your message was not sent: ${answer.error}.`);
    await this.app.loadMessages(channel);
    return answer.ok;
  }

  async reply(text) {
    const { channel, threadTs } = this.app;
    if (/^\/[a-z]/.test(text)) {
      this.#slackbot(channel, `${text.split(/\s/)[0]} is not supported in threads. Sorry!`, threadTs);
      return false;
    }
    const answer = await api.message({ channel: channel.id, thread_ts: threadTs, text: encode(text, this.app.dir), user: this.app.me.id });
    if (!answer.ok) this.#slackbot(channel, `Your reply was not sent: ${answer.error}.`, threadTs);
    await this.app.loadMessages(channel);
    return answer.ok;
  }

  /** Shares a file in the channel, or in the thread that begins with `thread`. */
  async share(file, thread) {
    const { channel } = this.app;
    const answer = await api.upload({ channel: channel.id, thread_ts: thread, name: file.name, data: await bytesOf(file), user: this.app.me.id });
    if (!answer.ok) this.#slackbot(channel, `${file.name} was not shared: ${answer.error}.`, thread);
    await this.app.loadMessages(channel);
  }

  /** Uploads a file that is picked in a modal; answers {file} or {error}. */
  async attach(view, file) {
    return api.upload({ view_id: view.id, name: file.name, data: await bytesOf(file), user: this.app.me.id });
  }

  async #command(channel, text) {
    const [, command, rest] = /^(\S+)\s*([\s\S]*)$/.exec(text);
    if (!this.app.dir.commands.some((known) => known.command === command)) {
      this.#slackbot(channel, `${command} is not a valid command. In Slack, all messages that start with the "/" character are interpreted as commands.`);
      return false;
    }
    const answer = await api.command({ command, text: rest, channel: channel.id, user: this.app.me.id });
    if (!accepted(answer)) this.#slackbot(channel, `${command} failed with the error "${answer.error ?? "operation_timeout"}"`);
    await Promise.all([this.app.loadMessages(channel), this.app.refreshViews()]);
    return accepted(answer);
  }

  /** What Slackbot says to this person only; it lives in this page and is gone with it. */
  #slackbot(channel, text, thread) {
    const notices = this.notices.get(channel.id) ?? [];
    const ts = (Date.now() / 1000).toFixed(6);
    const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    this.notices.set(channel.id, [...notices, { ts, thread_ts: thread, user: "USLACKBOT", username: "Slackbot", text: escaped, ephemeral: true, to: this.app.me.id }]);
    this.app.say(`Slackbot: ${text}`);
    this.app.render();
  }
}

/** A file's bytes in base64; "" when it cannot be read. */
const bytesOf = (file) => new Promise((resolve) => {
  const reader = new FileReader();
  reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1)); // of a data: address
  reader.onerror = () => resolve("");
  reader.readAsDataURL(file);
});
