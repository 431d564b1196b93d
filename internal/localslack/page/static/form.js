// form.js keeps what a person has filled in on one surface (a modal, a message, App Home) while it is redrawn.

export class Form {
  #values = new Map(); // block id → Map(action id → value)
  files = new Map(); // the names of picked files, by id
  uploads = Promise.resolve(); // ends when all picked files are uploaded

  get(block, action, initial) {
    const actions = this.#values.get(block);
    return actions?.has(action) ? actions.get(action) : initial;
  }

  set(block, action, value) {
    if (!this.#values.has(block)) this.#values.set(block, new Map());
    this.#values.get(block).set(action, value);
  }

  /** {block_id: {action_id: value}}. What was emptied is "" or []; what was never touched or set is left out. */
  values() {
    const out = {};
    for (const [block, actions] of this.#values) {
      for (const [action, value] of actions) {
        if (value !== undefined && value !== null) (out[block] ??= {})[action] = value;
      }
    }
    return out;
  }

  /** Forgets what the surface no longer has, as Slack does when a view is updated. */
  keep(blocks) {
    const there = new Map(blocks.map((block) => [block.block_id, actionsOf(block)]));
    for (const [id, actions] of this.#values) {
      for (const action of actions.keys()) if (!there.get(id)?.includes(action)) actions.delete(action);
    }
  }
}

const actionsOf = (block) =>
  [block.element, block.accessory, ...(block.elements ?? [])].filter(Boolean).map((el) => el.action_id);
