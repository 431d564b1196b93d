// elements.js draws what a person can press, pick or fill in, and reports it to the surface it stands on.
//
// ctx (made by surface.js): form (what was filled in), act(payload) (tell the app, answers when it acknowledged),
// dir and me (for mentions). A control inside an `input` block only fills the form, elsewhere it acts at once.

import { h, icon, link } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";
import { confirmDialog, openMenu } from "./overlay.js";
import { displayName } from "./directory.js";

export function textObject(text, ctx) {
  if (!text) return [];
  if (typeof text === "string") return [withEmoji(text)];
  return text.type === "mrkdwn" ? mrkdwn(text.text, ctx.dir, ctx.me) : [withEmoji(text.text)];
}

/** One interactive element. `place` is {block_id, input?, labelledby?, describedby?, multiline?}. */
export function element(el, place, ctx) {
  const draw = drawers[el.type];
  return draw ? draw(el, place, ctx) : unknown(el.type);
}

export const unknown = (type) => h("div", { class: "unknown" }, `${type ?? "untyped"} (not drawn here)`);

const key = (el, place) => `${place.block_id}/${el.action_id}`;
const labels = (el, place) => ({
  labelledby: place.labelledby, describedby: place.describedby,
  label: place.labelledby ? null : el.accessibility_label ?? el.placeholder?.text ?? el.action_id,
});

/** Confirms if asked to, shows the control as working, and tells the app. */
async function act(control, el, place, ctx, value) {
  if (el.confirm && !(await confirmDialog(el.confirm))) return;
  await working(control, () => ctx.act({ block_id: place.block_id, action_id: el.action_id, value }));
}

/** Runs `work` once at a time for a control, which keeps the focus (a disabled one would lose it). */
export async function working(control, work) {
  if (control.getAttribute("aria-busy") === "true") return;
  control.setAttribute("aria-busy", "true");
  control.setAttribute("aria-disabled", "true");
  await work();
  control.removeAttribute("aria-busy");
  control.removeAttribute("aria-disabled");
}

/** Keeps a picked value and, outside input blocks (or where the block dispatches), tells the app. */
function pick(control, el, place, ctx, value) {
  ctx.form.set(place.block_id, el.action_id, value);
  place.clearError?.();
  if (!place.input || place.dispatch) act(control, el, place, ctx, value);
}

function button(el, place, ctx) {
  const control = h("button", {
    type: "button", class: `button ${el.style ?? ""}`, data: { key: key(el, place), action: el.action_id },
    aria: { label: el.accessibility_label },
    onclick: () => {
      if (el.url && /^https?:/i.test(el.url)) window.open(el.url, "_blank", "noopener,noreferrer");
      act(control, el, place, ctx, el.value);
    },
  }, h("span", { class: "button-text" }, textObject(el.text, ctx)));
  return control;
}

function overflow(el, place, ctx) {
  const control = h("button", {
    type: "button", class: "button overflow", data: { key: key(el, place), action: el.action_id },
    aria: { label: "More actions", haspopup: "menu" },
    onclick: () => openMenu(control, (el.options ?? []).map((option) => ({
      label: withEmoji(option.text?.text ?? ""), hint: option.description?.text,
      onPick: () => {
        if (option.url) window.open(option.url, "_blank", "noopener,noreferrer");
        act(control, el, place, ctx, option.value);
      },
    })), { label: "More actions" }),
  }, icon("more"));
  return control;
}

const optionNode = (option, chosen) =>
  h("option", { value: option.value, selected: option.value === chosen, title: option.description?.text }, withEmoji(option.text?.text ?? option.value));

function select(el, place, ctx, { options, groups, initial }) {
  const chosen = ctx.form.get(place.block_id, el.action_id, initial);
  if (chosen !== undefined) ctx.form.set(place.block_id, el.action_id, chosen);
  const known = [...(options ?? []), ...(groups ?? []).flatMap((group) => group.options)].some((option) => option.value === chosen);
  const control = h("select", {
    class: "select", data: { key: key(el, place), action: el.action_id }, aria: labels(el, place),
    onchange: () => pick(control, el, place, ctx, control.value),
  },
  h("option", { value: "", disabled: !place.optional, selected: !known, hidden: !place.optional }, el.placeholder?.text ?? "Select an option"),
  (options ?? []).map((option) => optionNode(option, chosen)),
  (groups ?? []).map((group) => h("optgroup", { label: group.label?.text }, group.options.map((option) => optionNode(option, chosen)))));
  return h("span", { class: "select-box" }, control, icon("chevron"));
}

const staticSelect = (el, place, ctx) =>
  select(el, place, ctx, { options: el.options, groups: el.option_groups, initial: el.initial_option?.value });

const asOptions = (list, name) => list.map((item) => ({ value: item.id, text: { text: name(item) } }));
const peopleOptions = (ctx) => asOptions(ctx.dir.people(), displayName);
const channelOptions = (ctx) => asOptions(ctx.dir.rooms(), (channel) => "#" + channel.name);

/** Radio buttons and checkboxes, which also stand in for the multi-selects. */
function choices(el, place, ctx, { options, initial, many }) {
  const chosen = ctx.form.get(place.block_id, el.action_id, initial);
  if (chosen !== undefined && chosen.length) ctx.form.set(place.block_id, el.action_id, chosen);
  const box = h("div", { class: "choices", role: many ? "group" : "radiogroup", aria: labels(el, place), data: { action: el.action_id } });
  const inputs = (options ?? []).map((option, i) => {
    const input = h("input", {
      type: many ? "checkbox" : "radio", name: `${ctx.id}/${key(el, place)}`, value: option.value,
      checked: many ? chosen.includes(option.value) : chosen === option.value,
      data: { key: `${key(el, place)}/${i}` },
    });
    box.append(h("label", { class: "choice" }, input, h("span", {}, h("span", {}, textObject(option.text, ctx)),
      option.description && h("small", {}, textObject(option.description, ctx)))));
    return input;
  });
  box.addEventListener("change", (event) => {
    const values = inputs.filter((input) => input.checked).map((input) => input.value);
    pick(event.target, el, place, ctx, many ? values : values[0]);
  });
  return box;
}

/** A menu whose options the app supplies while one types: a field that offers them and keeps the one that was taken. */
function asked(el, place, ctx) {
  const id = `asked-${ctx.id}-${key(el, place)}`;
  const offered = h("datalist", { id });
  const chosen = ctx.form.get(place.block_id, el.action_id, el.initial_option);
  let known = chosen ? [chosen] : [];
  const control = h("input", { class: "field", type: "text", list: id, autocomplete: "off", placeholder: el.placeholder?.text ?? "Type to search",
    data: { key: key(el, place), action: el.action_id }, aria: labels(el, place) });
  control.value = chosen?.text?.text ?? "";
  ctx.form.set(place.block_id, el.action_id, chosen);
  control.addEventListener("input", async () => {
    const typed = control.value;
    const taken = known.find((option) => option.text.text === typed);
    if (taken) return pick(control, el, place, ctx, taken);
    ctx.form.set(place.block_id, el.action_id, undefined);
    if (typed.length < (el.min_query_length ?? 3)) return;
    const options = await ctx.suggest({ block_id: place.block_id, action_id: el.action_id, query: typed });
    if (control.value !== typed) return; // something was typed since: its own answer is on the way
    known = options;
    offered.replaceChildren(...options.map((option) => h("option", { value: option.text.text })));
  });
  return h("span", { class: "asked" }, control, offered);
}

const valuesOf = (options) => (options ?? []).map((option) => option.value);

function field(el, place, ctx, { type = "text", initial, multiline = false }) {
  const value = ctx.form.get(place.block_id, el.action_id, initial ?? "");
  const write = writers[type] ?? String;
  const read = () => (readers[type] ?? String)(control.value);
  const control = h(multiline ? "textarea" : "input", {
    class: "field", type: multiline ? null : type, rows: multiline ? 6 : null, placeholder: el.placeholder?.text,
    minlength: el.min_length, maxlength: el.max_length, autocomplete: "off", min: el.min_value, max: el.max_value,
    step: el.is_decimal_allowed ? "any" : null, autofocus: el.focus_on_load,
    data: { key: key(el, place), action: el.action_id }, aria: labels(el, place),
    oninput: () => { ctx.form.set(place.block_id, el.action_id, read()); place.clearError?.(); },
    onkeydown: (event) => {
      if (event.key !== "Enter" || (multiline && !(event.metaKey || event.ctrlKey))) return;
      event.preventDefault();
      if (place.dispatch) act(control, el, place, ctx, read());
      else ctx.submit?.();
    },
  });
  control.value = write(value);
  ctx.form.set(place.block_id, el.action_id, read());
  if (!place.input && readers[type]) control.addEventListener("change", () => pick(control, el, place, ctx, read()));
  return control;
}

/** Files that one picks. Each is uploaded at once; the form keeps their ids. */
function filePicker(el, place, ctx) {
  const most = el.max_files ?? 10;
  const picked = () => ctx.form.get(place.block_id, el.action_id, []);
  const list = h("ul", { class: "picked-files" });
  const note = h("p", { class: "input-error", role: "alert" });
  const keep = (ids) => { ctx.form.set(place.block_id, el.action_id, ids); place.clearError?.(); draw(); };
  const draw = () => list.replaceChildren(...picked().map((id) => h("li", {}, icon("file"), h("span", {}, ctx.form.files.get(id)),
    h("button", { type: "button", class: "icon-button", aria: { label: `Remove ${ctx.form.files.get(id)}` },
      onclick: () => keep(picked().filter((other) => other !== id)) }, icon("close")))));
  const upload = async (files) => {
    for (const file of files) {
      if (picked().length >= most) { note.textContent = `At most ${most} can be attached.`; return; }
      const answer = await ctx.attach(file);
      if (!answer.ok) { note.textContent = `${file.name} was not attached: ${answer.error}.`; continue; }
      ctx.form.files.set(answer.file, file.name);
      keep([...picked(), answer.file]);
    }
  };
  const control = h("input", { type: "file", class: "file-picker", multiple: most > 1, accept: (el.filetypes ?? []).map((end) => "." + end).join(",") || null,
    data: { key: key(el, place), action: el.action_id }, aria: labels(el, place),
    onchange: () => {
      const files = [...control.files];
      control.value = "";
      note.textContent = "";
      ctx.form.uploads = ctx.form.uploads.then(() => upload(files));
    } });
  draw();
  return h("div", { class: "file-input" }, control, list, note);
}

/** What the browser's date fields hold is not always what Slack sends: an empty one is nothing, a moment is seconds. */
const readers = {
  date: (text) => text || undefined,
  time: (text) => text || undefined,
  "datetime-local": (text) => (text ? Math.floor(new Date(text).getTime() / 1000) : undefined),
};
const writers = {
  "datetime-local": (seconds) => (seconds ? new Date(seconds * 1000 - new Date(seconds * 1000).getTimezoneOffset() * 60_000).toISOString().slice(0, 16) : ""),
};

const drawers = {
  button,
  workflow_button: button,
  overflow,
  static_select: staticSelect,
  external_select: asked,
  users_select: (el, place, ctx) => select(el, place, ctx, { options: peopleOptions(ctx), initial: el.initial_user }),
  channels_select: (el, place, ctx) => select(el, place, ctx, { options: channelOptions(ctx), initial: el.initial_channel }),
  conversations_select: (el, place, ctx) => select(el, place, ctx, { options: channelOptions(ctx), initial: el.initial_conversation }),
  multi_static_select: (el, place, ctx) => choices(el, place, ctx, { many: true, initial: valuesOf(el.initial_options),
    options: el.options ?? (el.option_groups ?? []).flatMap((group) => group.options) }),
  multi_users_select: (el, place, ctx) => choices(el, place, ctx, { many: true, initial: el.initial_users ?? [], options: peopleOptions(ctx) }),
  multi_channels_select: (el, place, ctx) => choices(el, place, ctx, { many: true, initial: el.initial_channels ?? [], options: channelOptions(ctx) }),
  multi_conversations_select: (el, place, ctx) => choices(el, place, ctx, { many: true, initial: el.initial_conversations ?? [], options: channelOptions(ctx) }),
  radio_buttons: (el, place, ctx) => choices(el, place, ctx, { many: false, initial: el.initial_option?.value, options: el.options }),
  checkboxes: (el, place, ctx) => choices(el, place, ctx, { many: true, initial: valuesOf(el.initial_options), options: el.options }),
  plain_text_input: (el, place, ctx) => field(el, place, ctx, { initial: el.initial_value, multiline: el.multiline }),
  email_text_input: (el, place, ctx) => field(el, place, ctx, { type: "email", initial: el.initial_value }),
  url_text_input: (el, place, ctx) => field(el, place, ctx, { type: "url", initial: el.initial_value }),
  number_input: (el, place, ctx) => field(el, place, ctx, { type: "number", initial: el.initial_value }),
  datepicker: (el, place, ctx) => field(el, place, ctx, { type: "date", initial: el.initial_date }),
  timepicker: (el, place, ctx) => field(el, place, ctx, { type: "time", initial: el.initial_time }),
  datetimepicker: (el, place, ctx) => field(el, place, ctx, { type: "datetime-local", initial: el.initial_date_time }),
  file_input: filePicker,
  image: (el) => picture(el, "accessory-image"),
};

/** An image that shows its description in its place when it cannot be loaded. */
export function picture(el, className) {
  const url = el.image_url ?? el.slack_file?.url ?? "";
  const img = h("img", { class: className, src: url, alt: el.alt_text ?? "", loading: "lazy", referrerpolicy: "no-referrer" });
  img.addEventListener("error", () => img.replaceWith(h("span", { class: "image-missing" }, link(url, `Image: ${el.alt_text || url}`))));
  return img;
}
