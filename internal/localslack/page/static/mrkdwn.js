// mrkdwn.js reads Slack's message markup and answers DOM nodes. Order of precedence as in Slack: fenced code, then
// lines (quotes, bullets), then <references>, inline code, and emphasis that begins and ends at a word's edge.

import { h, link } from "./dom.js";
import { emojiFor } from "./emoji.js";
import { slackDate } from "./when.js";

/** The nodes for one mrkdwn text. `dir` resolves ids; `me` marks mentions of the reader. */
export function mrkdwn(text, dir, me) {
  const out = [];
  const parts = String(text ?? "").split("```");
  const unclosed = parts.length % 2 === 0;
  if (unclosed) parts.splice(-2, 2, parts.slice(-2).join("```"));
  parts.forEach((part, i) => {
    if (i % 2 === 1) out.push(h("pre", { class: "code-block" }, plainReferences(part).replace(/^\n|\n$/g, "")));
    else out.push(...lines(trimAround(part, i > 0, i < parts.length - 1), dir, me));
  });
  return out;
}

const trimAround = (text, before, after) => {
  if (before) text = text.replace(/^\n/, "");
  return after ? text.replace(/\n$/, "") : text;
};

function lines(text, dir, me) {
  if (text === "") return [];
  const out = [];
  let run = null; // {kind, items}
  const flush = () => {
    if (run) out.push(...wrap(run.kind, run.items.map((line) => inline(line, dir, me))));
    run = null;
  };
  for (const line of text.split("\n")) {
    const [kind, rest] = classify(line);
    if (run?.kind !== kind) flush();
    run ??= { kind, items: [] };
    run.items.push(rest);
  }
  flush();
  return out;
}

function classify(line) {
  const quote = /^(?:&gt;|>)\s?(.*)$/.exec(line);
  if (quote) return ["quote", quote[1]];
  const bullet = /^\s*[•-]\s+(.+)$/.exec(line);
  if (bullet) return ["list", bullet[1]];
  return ["text", line];
}

function wrap(kind, items) {
  if (kind === "list") return [h("ul", { class: "list" }, items.map((item) => h("li", {}, item)))];
  const joined = items.flatMap((item, i) => (i === 0 ? item : [h("br"), ...item]));
  return kind === "quote" ? [h("blockquote", {}, joined)] : joined;
}

const marks = { "*": "strong", _: "em", "~": "s" };
const wordBefore = /[\p{L}\p{N}_]$/u;
const wordAfter = /^[\p{L}\p{N}_]/u;

function inline(text, dir, me) {
  const out = [];
  let plain = "";
  const flush = () => { if (plain) out.push(unescape(plain)); plain = ""; };
  for (let i = 0; i < text.length;) {
    const found = reference(text, i, dir, me) ?? code(text, i) ?? shortcode(text, i) ?? emphasis(text, i, dir, me);
    if (found) {
      flush();
      out.push(found.node);
      i = found.end;
    } else {
      plain += text[i++];
    }
  }
  flush();
  return out;
}

function match(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function code(text, at) {
  const found = match(/`([^`\n]+)`/y, text, at);
  return found && { node: h("code", {}, plainReferences(found[1])), end: at + found[0].length };
}

function shortcode(text, at) {
  const found = match(/:([a-z0-9_+'-]+(?:::skin-tone-\d)?):/y, text, at);
  const char = found && emojiFor(found[1]);
  return char && { node: emojiNode(char, found[1]), end: at + found[0].length };
}

export const emojiNode = (char, name) => h("span", { class: "emoji", role: "img", title: `:${name}:`, aria: { label: name } }, char);

function emphasis(text, at, dir, me) {
  const tag = marks[text[at]];
  if (!tag || wordBefore.test(text.slice(0, at)) || /^\s|^$/.test(text.slice(at + 1, at + 2))) return null;
  const end = closing(text, at);
  if (end < 0) return null;
  return { node: h(tag, {}, inline(text.slice(at + 1, end), dir, me)), end: end + 1 };
}

/** Where the mark opened at `at` closes; marks inside references and code do not count. */
function closing(text, at) {
  for (let i = at + 1; i < text.length; i++) {
    const skip = match(/<[^<>\n]*>|`[^`\n]+`/y, text, i);
    if (skip) { i += skip[0].length - 1; continue; }
    if (text[i] === text[at] && i > at + 1 && !/\s/.test(text[i - 1]) && !wordAfter.test(text.slice(i + 1))) return i;
  }
  return -1;
}

function reference(text, at, dir, me) {
  const found = match(/<([^<>\n]+)>/y, text, at);
  if (!found) return null;
  const [target, label] = cut(found[1], "|");
  return { node: referenceNode(target, label, dir, me), end: at + found[0].length };
}

function referenceNode(target, label, dir, me) {
  if (target.startsWith("@")) return userNode(target.slice(1), dir, me, label);
  if (target.startsWith("#")) return channelNode(target.slice(1), dir, label);
  if (target.startsWith("!subteam^")) return groupNode(target.slice("!subteam^".length), dir, me, label);
  if (target.startsWith("!date^")) {
    const [, seconds, pattern, url] = target.split("^");
    return dateNode(seconds, pattern ?? "", url, label && unescape(label));
  }
  if (target.startsWith("!")) return broadcastNode(target.slice(1), label);
  return link(unescape(target), unescape(label ?? target.replace(/^mailto:/, "")));
}

export function userNode(id, dir, me, label) {
  const user = dir.user(id);
  const name = user ? user.real_name || user.name : label ?? id;
  return h("span", { class: "mention" + (user && user.id === me?.id ? " me" : ""), data: { user: id } }, "@" + name);
}

export function channelNode(id, dir, label) {
  const name = dir.channel(id)?.name ?? label ?? id;
  return h("a", { class: "mention", href: "#" + encodeURIComponent(id) }, "#" + name);
}

export function groupNode(id, dir, me, label) {
  const group = dir.group(id);
  const mine = group && me?.groups?.some((key) => key === group.id || key === group.handle);
  return h("span", { class: "mention" + (mine ? " me" : "") }, "@" + (group?.handle ?? label?.replace(/^@/, "") ?? id));
}

export const broadcastNode = (range, label) => h("span", { class: "mention me" }, "@" + (label ?? range).replace(/^@/, ""));

export function dateNode(seconds, pattern, url, fallback) {
  const text = slackDate(seconds, pattern, fallback);
  const el = h("time", { title: slackDate(seconds, "{date_long} {time}", fallback) }, text);
  return url ? link(url, el) : el;
}

/** Inside code a link shows its label or address; nothing else is read. */
const plainReferences = (text) =>
  unescape(text.replace(/<((?:https?|mailto):[^<>|\n]+)(?:\|([^<>\n]*))?>/g, (_, url, label) => label ?? url));

function cut(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** What a person typed, as Slack sends it to apps: escaped, with @names and #channels as references. */
export function encode(text, dir) {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return escaped.replace(/(^|[\s(])([@#])([\p{L}\p{N}._-]*[\p{L}\p{N}_])/gu, (whole, before, sign, name) => {
    const target = sign === "#" ? dir.channel(name) : dir.user(name);
    if (target) return `${before}<${sign}${target.id}>`;
    const group = sign === "@" && dir.group(name);
    return group ? `${before}<!subteam^${group.id}>` : whole;
  });
}

/** The inverse of encode: a message's text as one would type it. */
export function decode(text, dir) {
  const named = text.replace(/<([@#])([A-Z0-9]+)(?:\|[^>]*)?>|<!subteam\^([A-Z0-9]+)(?:\|[^>]*)?>/g, (whole, sign, id, group) => {
    const name = group ? dir.group(group)?.handle : (sign === "#" ? dir.channel(id) : dir.user(id))?.name;
    return name ? (sign ?? "@") + name : whole;
  });
  return named.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
