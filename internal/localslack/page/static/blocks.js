// blocks.js draws Block Kit blocks; elements.js draws what is inside them.

import { h } from "./dom.js";
import { element, picture, textObject, unknown } from "./elements.js";
import { markdown } from "./markdown.js";
import { richText } from "./richtext.js";
import { Form } from "./form.js";

/** What blocks stand on. `act(payload)` tells the app and resolves when it has answered; `submit()` is for modals;
 *  `suggest(payload)` answers the options of a menu that asks the app for them; `attach(file)` uploads one that was picked. */
export class Surface {
  static #last = 0;

  constructor({ dir, me, act, submit, suggest, attach, form = new Form(), errors = {} }) {
    Object.assign(this, { dir, me, act, submit, suggest, attach, form, errors, id: ++Surface.#last });
  }
}

export const renderBlocks = (blocks, ctx) =>
  (blocks ?? []).map((block) => h("div", { class: `block block-${block.type}`, data: { block: block.block_id ?? "" } },
    (drawers[block.type] ?? (() => unknown(block.type)))(block, ctx)));

function section(block, ctx) {
  const body = h("div", { class: "section-body" },
    block.text && h("div", { class: "text" }, textObject(block.text, ctx)),
    block.fields && h("div", { class: "fields" }, block.fields.map((field) => h("div", { class: "text" }, textObject(field, ctx)))));
  if (!block.accessory) return [body];
  return [body, h("div", { class: "accessory" }, element(block.accessory, { block_id: block.block_id }, ctx))];
}

const actions = (block, ctx) => (block.elements ?? []).map((el) => element(el, { block_id: block.block_id }, ctx));

const context = (block, ctx) => (block.elements ?? []).map((el) =>
  (el.type === "image" ? picture(el, "context-image") : h("span", { class: "text" }, textObject(el, ctx))));

function image(block, ctx) {
  return [
    block.title && h("div", { class: "image-title" }, textObject(block.title, ctx)),
    picture(block, "block-image"),
  ];
}

function input(block, ctx) {
  const id = `in-${ctx.id}-${block.block_id}`;
  const error = h("p", { class: "input-error", id: `${id}-error`, role: "alert" }, ctx.errors[block.block_id]);
  const clearError = () => { delete ctx.errors[block.block_id]; error.replaceChildren(); };
  const place = {
    block_id: block.block_id, input: true, dispatch: block.dispatch_action, optional: block.optional,
    labelledby: `${id}-label`, describedby: `${id}-hint ${id}-error`, clearError,
  };
  return [
    h("div", { class: "input-label", id: `${id}-label` }, textObject(block.label, ctx), block.optional && h("span", { class: "optional" }, " (optional)")),
    element(block.element ?? {}, place, ctx),
    h("p", { class: "input-hint", id: `${id}-hint` }, block.hint && textObject(block.hint, ctx)),
    error,
  ];
}

const drawers = {
  section,
  actions,
  context,
  image,
  input,
  divider: () => [h("hr")],
  header: (block, ctx) => [h("h3", { class: "header" }, textObject(block.text, ctx))],
  rich_text: (block, ctx) => richText(block, ctx.dir, ctx.me),
  markdown: (block) => markdown(block.text),
};
