// form.js keeps what a person has filled in on one surface (a modal, a message, App Home) while it is redrawn.

export class Form {
  #values = new Map(); // block id → Map(action id → value)

  get(block, action, initial) {
    const actions = this.#values.get(block);
    return actions?.has(action) ? actions.get(action) : initial;
  }

  set(block, action, value) {
    if (!this.#values.has(block)) this.#values.set(block, new Map());
    this.#values.get(block).set(action, value);
  }

  /** {block_id: {action_id: value}}, without what was left empty. */
  values() {
    const out = {};
    for (const [block, actions] of this.#values) {
      for (const [action, value] of actions) {
        if (value === "" || value === undefined || value === null) continue;
        (out[block] ??= {})[action] = value;
      }
    }
    return out;
  }

  /** Forgets blocks that the surface no longer has, as Slack does when a view is updated. */
  keep(blocks) {
    const ids = new Set(blocks.map((block) => block.block_id));
    for (const id of this.#values.keys()) if (!ids.has(id)) this.#values.delete(id);
  }
}
