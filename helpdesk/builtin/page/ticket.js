// One ticket as an agent sees it: the whole conversation, a composer, and the facts beside it.
import { api } from './api.js';
import { el, ago, keep, channelWords, sendOnKey, statusWords } from './dom.js';
import { messages } from './conversation.js';
import { picker } from './files.js';

export function ticketPane(id, data) {
  const title = el('h1', {}, '…');
  const sub = el('p', { class: 'sub' });
  const log = messages(id, 'agent');
  const error = el('p', { class: 'error', role: 'alert' });
  const facts = factsPane(data, (change) => act(() => api.patch(id, change)));
  const composer = composerPane(data, {
    send: (message, files, solve) => act(async () => {
      await api.add(id, { ...message, files: await files.read() });
      if (solve) await api.patch(id, { status: 'solved' });
    }),
  });
  const root = el('div', { class: 'ticket' },
    el('div', { class: 'thread' }, el('header', { class: 'head' }, title, sub), log, error, composer),
    facts.root);

  async function act(what) {
    error.textContent = '';
    try {
      await what();
      await refresh();
      return true;
    } catch (problem) {
      error.textContent = problem.message;
      return false;
    }
  }

  async function refresh() {
    try {
      const ticket = await api.ticket(id);
      title.textContent = ticket.subject || 'No subject';
      sub.textContent = `#${ticket.id} · ${channelWords[ticket.channel] || ticket.channel} · ${ticket.customer.name} <${ticket.customer.email}>`;
      log.show(ticket.messages || []);
      facts.show(ticket);
    } catch (problem) {
      error.textContent = problem.message;
    }
  }
  return { id, root, refresh };
}

function composerPane(data, { send }) {
  const text = el('textarea', { id: 'reply', rows: 4, required: true });
  const label = el('label', { for: 'reply', class: 'unseen' }, 'Text');
  const files = picker('reply-files', text);
  const modes = [['reply', 'Reply to the customer'], ['note', 'Internal note']].map(([value, words], i) => [
    el('input', { type: 'radio', name: 'mode', id: `mode-${value}`, value, checked: i === 0, onchange: draw }),
    el('label', { for: `mode-${value}` }, words)]);
  const me = el('select', { id: 'me', 'aria-label': 'Write as', onchange: () => keep.set('me', me.value) },
    data.agents.map((a) => el('option', { value: a.id }, a.name)));
  me.value = keep.get('me') || data.agents[0]?.id || '';
  if (me.selectedIndex < 0) me.selectedIndex = 0;
  const button = el('button', { class: 'primary', type: 'submit' });
  const solve = el('button', { type: 'button', onclick: () => submit(true) }, 'Send & solve');
  const form = el('form', {
    class: 'composer', onsubmit: (event) => { event.preventDefault(); submit(false); },
    onkeydown: (event) => sendOnKey(event, () => submit(false)),
  },
  el('div', { class: 'modes', role: 'radiogroup', 'aria-label': 'What to write' }, modes,
    data.agents.length > 0 && el('span', { class: 'as' }, 'as ', me)),
  label, text, files.root, el('div', { class: 'actions' }, button, solve, el('span', { class: 'hint' }, 'Ctrl + Enter sends')));

  const isNote = () => modes[1][0].checked;
  function draw() {
    form.classList.toggle('note', isNote());
    button.textContent = isNote() ? 'Add note' : 'Send reply';
    solve.hidden = isNote();
    text.placeholder = isNote() ? 'Only your team sees this…' : 'The customer sees this…';
  }
  draw();

  async function submit(solved) {
    if (!text.reportValidity()) return;
    const agent = data.agents.find((a) => a.id === me.value) || {};
    button.disabled = solve.disabled = true;
    const sent = await send({ role: 'agent', author: agent.name, author_email: agent.email, text: text.value, public: !isNote() }, files, solved);
    button.disabled = solve.disabled = false;
    if (sent) { text.value = ''; files.clear(); text.focus(); }
  }
  return form;
}

function factsPane(data, change) {
  const fact = (label, value) => el('div', { class: 'fact' }, el('dt', {}, label), el('dd', {}, value));
  const status = el('select', { id: 'status', onchange: () => change({ status: status.value }) },
    Object.entries(statusWords).map(([value, words]) => el('option', { value }, words)));
  const assignee = el('select', { id: 'assignee', onchange: () => change({ assignee: assignee.value }) },
    el('option', { value: '' }, 'Nobody yet'), data.agents.map((a) => el('option', { value: a.id }, a.name)));
  const solve = el('button', { type: 'button', class: 'wide', onclick: () => change({ status: 'solved' }) }, 'Mark as solved');
  const tags = el('div', { class: 'tags' });
  const addTag = el('input', { id: 'add-tag', maxlength: 100, placeholder: 'Add a tag, Enter' });
  const tagForm = el('form', { onsubmit: async (event) => {
    event.preventDefault();
    if (addTag.value.trim() && await change({ add_tags: [addTag.value.trim()] })) addTag.value = '';
  } }, addTag);
  const details = el('dl', {});
  const root = el('aside', { class: 'facts', 'aria-label': 'Ticket facts' },
    el('div', { class: 'field' }, el('label', { for: 'status' }, 'Status'), status),
    el('div', { class: 'field' }, el('label', { for: 'assignee' }, 'Assignee'), assignee),
    solve,
    el('div', { class: 'field' }, el('label', { for: 'add-tag' }, 'Tags'), tags, tagForm),
    details);

  function show(t) {
    status.value = t.status;
    assignee.value = t.assignee;
    solve.hidden = t.status === 'solved' || t.status === 'closed';
    tags.replaceChildren(...t.tags.map((tag) => el('span', { class: 'tag' }, tag)));
    details.replaceChildren(
      fact('Customer', t.customer.name), fact('E-mail', t.customer.email),
      ...(t.customer.plan ? [fact('Plan', t.customer.plan)] : []),
      ...(t.category ? [fact('Category', t.category)] : []),
      ...(t.brand ? [fact('Brand', t.brand)] : []),
      ...(t.value ? [fact('Value', t.value.toLocaleString('en'))] : []),
      fact('Opened', `${ago(t.created_at)} ago`.replace('now ago', 'just now')),
      fact('Version', t.stamp));
  }
  return { root, show };
}
