// markdown.js draws the `markdown` block: the CommonMark subset that Slack keeps (headings, lists, quotes, fences,
// rules, emphasis, code, links), line by line.

import { h, link } from "./dom.js";
import { withEmoji } from "./emoji.js";

export function markdown(text) {
  const out = [];
  const rows = String(text ?? "").split("\n");
  for (let i = 0; i < rows.length;) {
    const rule = rules.find(({ starts }) => starts.test(rows[i]));
    let end = i + 1;
    if (rule.fence) {
      while (end < rows.length && !/^\s*```/.test(rows[end])) end++;
      out.push(h("pre", { class: "code-block" }, rows.slice(i + 1, end).join("\n")));
      end++;
    } else {
      while (rule.many && end < rows.length && rules.find(({ starts }) => starts.test(rows[end])) === rule) end++;
      add(out, rule.draw(rows.slice(i, end).map((row) => row.replace(rule.starts, rule.keep ?? ""))));
    }
    i = end;
  }
  return out;
}

const add = (out, node) => { if (node) out.push(node); };
const items = (rows) => rows.map((row) => h("li", {}, inline(row)));
const broken = (rows) => rows.flatMap((row, i) => (i === 0 ? inline(row) : [h("br"), ...inline(row)]));

const rules = [
  { starts: /^\s*```.*$/, fence: true },
  { starts: /^\s*$/, draw: () => null },
  { starts: /^#{1,6}\s+/, draw: ([row]) => h("h4", { class: "md-heading" }, inline(row)) },
  { starts: /^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/, draw: () => h("hr") },
  { starts: /^\s*[-*+]\s+/, many: true, draw: (rows) => h("ul", { class: "list" }, items(rows)) },
  { starts: /^\s*\d+[.)]\s+/, many: true, draw: (rows) => h("ol", { class: "list" }, items(rows)) },
  { starts: /^>\s?/, many: true, draw: (rows) => h("blockquote", {}, broken(rows)) },
  { starts: /^/, many: true, draw: (rows) => h("p", {}, broken(rows)) },
];

const token = /`([^`]+)`|\[([^\]]+)\]\(([^()\s]+)\)|\*\*(.+?)\*\*|__(.+?)__|~~(.+?)~~|(?<![\p{L}\p{N}])[*_](\S(?:.*?\S)?)[*_](?![\p{L}\p{N}])/gu;

function inline(text) {
  const out = [];
  let last = 0;
  for (const found of text.matchAll(token)) {
    if (found.index > last) out.push(withEmoji(text.slice(last, found.index)));
    const [whole, code, label, url, strong, strong2, strike, em] = found;
    if (code) out.push(h("code", {}, code));
    else if (label) out.push(link(url, label));
    else if (strong ?? strong2) out.push(h("strong", {}, inline(strong ?? strong2)));
    else if (strike) out.push(h("s", {}, inline(strike)));
    else out.push(h("em", {}, inline(em)));
    last = found.index + whole.length;
  }
  if (last < text.length) out.push(withEmoji(text.slice(last)));
  return out;
}
