// richtext.js draws rich_text blocks: sections, lists, preformatted text and quotes made of typed elements.

import { h, link } from "./dom.js";
import { emojiFor } from "./emoji.js";
import { broadcastNode, channelNode, dateNode, emojiNode, groupNode, userNode } from "./mrkdwn.js";

/** The nodes of one rich_text block. Consecutive lists join, a deeper `indent` nests. */
export function richText(block, dir, me) {
  return (block.elements ?? []).map((part) => container(part, dir, me));
}

function container(part, dir, me) {
  const children = () => (part.elements ?? []).map((el) => element(el, dir, me));
  switch (part.type) {
    case "rich_text_section": return h("div", { class: "rt-section" }, children());
    case "rich_text_preformatted": return h("pre", { class: "code-block" }, children());
    case "rich_text_quote": return h("blockquote", {}, children());
    case "rich_text_list": return list(part, dir, me);
    default: return h("div", { class: "unknown" }, part.type);
  }
}

function list(part, dir, me) {
  const level = Math.min(part.indent ?? 0, 8);
  const el = h(part.style === "ordered" ? "ol" : "ul", { class: `list indent-${level % 3}`, start: part.offset ? part.offset + 1 : null });
  if (level > 0) el.style.marginLeft = `${level * 28}px`;
  el.append(...(part.elements ?? []).map((item) => h("li", {}, (item.elements ?? []).map((inner) => element(inner, dir, me)))));
  return el;
}

function element(el, dir, me) {
  return styled(bare(el, dir, me), el.style ?? {});
}

function bare(el, dir, me) {
  switch (el.type) {
    case "text": return el.text;
    case "link": return link(el.url, el.text ?? el.url);
    case "emoji": return emojiNode(character(el), el.name);
    case "user": return userNode(el.user_id, dir, me);
    case "channel": return channelNode(el.channel_id, dir);
    case "usergroup": return groupNode(el.usergroup_id, dir, me);
    case "broadcast": return broadcastNode(el.range);
    case "date": return dateNode(el.timestamp, el.format ?? "{date} {time}", el.url, el.fallback);
    case "color": return h("code", {}, el.value);
    default: return h("span", { class: "unknown" }, el.type);
  }
}

function character(el) {
  if (el.unicode) return String.fromCodePoint(...el.unicode.split("-").map((hex) => Number.parseInt(hex, 16)));
  return emojiFor(el.name) ?? `:${el.name}:`;
}

function styled(node, style) {
  for (const [key, tag] of [["code", "code"], ["strike", "s"], ["underline", "u"], ["italic", "em"], ["bold", "strong"]]) {
    if (style[key]) node = h(tag, {}, node);
  }
  return node;
}
