// overlay.js opens what floats above the page: menus and confirmation dialogs. Native <dialog> and popover bring the
// focus trap, the inert background and the return of focus.

import { h } from "./dom.js";

/** Opens a menu below `anchor`. items: {label, hint?, node?, checked?, onPick}. Arrow keys move, Esc closes. */
export function openMenu(anchor, items, { label, align = "left" } = {}) {
  const menu = h("div", { class: "menu", role: "menu", popover: "auto", aria: { label } });
  const close = (focus = true) => {
    if (menu.isConnected) menu.remove();
    if (focus) anchor.focus();
  };
  for (const item of items) {
    menu.append(h("button", {
      type: "button", role: item.checked === undefined ? "menuitem" : "menuitemradio", class: "menu-item", tabindex: -1,
      aria: { checked: item.checked === undefined ? null : String(item.checked) },
      onclick: () => { close(); item.onPick(); },
    }, item.node, h("span", { class: "menu-label" }, item.label, item.hint && h("small", {}, item.hint))));
  }
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" || event.key === "Tab") { event.preventDefault(); event.stopPropagation(); close(); }
    else moveFocus(event, [...menu.children]);
  });
  menu.addEventListener("toggle", (event) => { if (event.newState === "closed") close(menu.contains(document.activeElement)); });
  (anchor.closest("dialog") ?? document.body).append(menu);
  menu.showPopover();
  place(menu, anchor, align);
  (menu.querySelector("[aria-checked=true]") ?? menu.firstElementChild)?.focus();
}

function place(menu, anchor, align) {
  const at = anchor.getBoundingClientRect();
  const box = menu.getBoundingClientRect();
  const below = at.bottom + 4 + box.height <= innerHeight;
  const left = align === "right" ? at.right - box.width : at.left;
  menu.style.top = `${Math.max(8, below ? at.bottom + 4 : at.top - 4 - box.height)}px`;
  menu.style.left = `${Math.min(Math.max(8, left), innerWidth - box.width - 8)}px`;
}

/** Up, Down, Home and End move the focus through `items`; answers whether the key was one of them. */
export function moveFocus(event, items) {
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined || items.length === 0) return false;
  event.preventDefault();
  items[(to + items.length) % items.length].focus();
  return true;
}

/** Asks for a text; resolves to it, or to undefined when the person thinks better of it. */
export function promptDialog({ title, value, confirm }) {
  return new Promise((resolve) => {
    const done = (answer) => { dialog.close(); dialog.remove(); resolve(answer); };
    const field = h("textarea", { class: "field", rows: 4, autofocus: true, aria: { label: title } });
    field.value = value;
    const dialog = h("dialog", { class: "dialog confirm", aria: { label: title } },
      h("header", {}, h("h2", {}, title)), h("div", { class: "dialog-body" }, field),
      h("footer", {},
        h("button", { type: "button", class: "button big", onclick: () => done() }, "Cancel"),
        h("button", { type: "button", class: "button big primary", onclick: () => done(field.value.trim()) }, confirm)));
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && event.target === field) { event.preventDefault(); done(field.value.trim()); }
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      done();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Asks a block element's `confirm` question; resolves to whether the person agreed. */
export function confirmDialog(confirm) {
  return new Promise((resolve) => {
    const done = (answer) => { dialog.close(); dialog.remove(); resolve(answer); };
    const style = confirm.style === "danger" ? "danger" : "primary";
    const dialog = h("dialog", { class: "dialog confirm", aria: { labelledby: "confirm-title" } },
      h("header", {}, h("h2", { id: "confirm-title" }, confirm.title?.text ?? "Are you sure?")),
      h("div", { class: "dialog-body" }, h("p", {}, confirm.text?.text ?? "")),
      h("footer", {},
        h("button", { type: "button", class: "button big", onclick: () => done(false) }, confirm.deny?.text ?? "Cancel"),
        h("button", { type: "button", class: `button big ${style}`, autofocus: true, onclick: () => done(true) }, confirm.confirm?.text ?? "Confirm")));
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      done(false);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
