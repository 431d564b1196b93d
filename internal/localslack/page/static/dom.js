// dom.js builds elements. Strings always become text nodes, so nothing that a customer, a model or an app wrote can
// turn into markup; the page's policy (require-trusted-types-for) makes the browser refuse innerHTML as well.

/** h("button", {class: "x", onclick: f, aria: {label: "Close"}, data: {id: 7}}, "text", node, [more]) */
export function h(tag, props, ...children) {
  const el = document.createElement(tag);
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) el.addEventListener(key.slice(2), value);
    else if (key === "data") Object.assign(el.dataset, value);
    else if (key === "aria") setAria(el, value);
    else el.setAttribute(key, value === true ? "" : value);
  }
  return add(el, children);
}

export function add(el, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    el.append(child);
  }
  return el;
}

function setAria(el, values) {
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined && value !== null) el.setAttribute("aria-" + key, value);
  }
}

const paths = {
  smile: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM7.5 8.2h.01M12.5 8.2h.01M7 11.5c1.6 2.4 4.4 2.4 6 0",
  thread: "M3.5 4.5h13v9h-7l-3.5 3v-3h-2.5zM6.5 7.5h7M6.5 10.5h4.5",
  clip: "M14.5 8.5 9 14a3 3 0 0 1-4.2-4.2l6-6a2 2 0 0 1 2.9 2.9l-5.8 5.7a1 1 0 0 1-1.4-1.4l5-5",
  plus: "M10 4v12M4 10h12",
  file: "M5.5 3h6L15 6.5V17H5.5zM11.5 3v3.5H15",
  chevron: "M5 7.5 10 12.5 15 7.5",
  close: "M5 5 15 15M15 5 5 15",
  back: "M12.5 4.5 7 10l5.5 5.5",
  send: "M3 10 17 3.5 13 16.5 9.5 11.5zM9.5 11.5 17 3.5",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  eye: "M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10zM10 12.4a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8z",
  moon: "M16 11.8A6.6 6.6 0 0 1 8.2 4a6.6 6.6 0 1 0 7.8 7.8z",
  sun: "M10 13.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM10 2v1.8M10 16.2V18M2 10h1.8M16.2 10H18M4.4 4.4l1.2 1.2M14.4 14.4l1.2 1.2M4.4 15.6l1.2-1.2M14.4 5.6l1.2-1.2",
  code: "M7 5 2.5 10 7 15M13 5l4.5 5-4.5 5",
  warning: "M10 3 18 16.5H2zM10 8.2v3.6M10 14.2h.01",
  check: "M4 10.5 8 14.5 16 5.5",
};

/** A 20×20 line icon; decorative, so hidden from assistive technology. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 20 20", class: "icon", "aria-hidden": "true" })) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", paths[name]);
  if (name === "more") path.setAttribute("class", "dots");
  svg.append(path);
  return svg;
}

/** A link to somewhere else, or plain text when the address is not one that a browser should follow. */
export function link(url, label) {
  if (!/^(https?:\/\/|mailto:|tel:)/i.test(url)) return h("span", {}, label);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label);
}

/** Redraws a list without touching what did not change, so that focus, scroll and a press under way survive. */
export class Keyed {
  #kept = new Map(); // key → {signature, node}
  #seen = new Set();

  /** The node kept under `key`, drawn anew only when the signature differs. */
  node(key, signature, draw) {
    this.#seen.add(key);
    const kept = this.#kept.get(key);
    if (kept?.signature === signature) return kept.node;
    const node = draw();
    this.#kept.set(key, { signature, node });
    return node;
  }

  /** Makes `parent` hold exactly `nodes`, and the element that had the focus have it again. */
  put(parent, nodes) {
    const focused = parent.contains(document.activeElement) && document.activeElement.dataset.key;
    for (const key of this.#kept.keys()) if (!this.#seen.has(key)) this.#kept.delete(key);
    this.#seen.clear();
    const wanted = new Set(nodes);
    for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
    nodes.forEach((node, i) => { if (parent.children[i] !== node) parent.insertBefore(node, parent.children[i] ?? null); });
    if (focused && !parent.contains(document.activeElement)) parent.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }
}
