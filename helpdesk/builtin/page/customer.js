// The customer's side: a contact form, and the conversation as the customer sees it.
import { api } from './api.js';
import { el, keep, ago, sendOnKey } from './dom.js';
import { messages } from './conversation.js';
import { picker } from './files.js';

const statusForCustomer = {
  open: 'We have your message and are on it.',
  pending: 'We answered. Reply here if you need anything else.',
  on_hold: 'We are waiting for someone else and will come back to you.',
  solved: 'This is solved. Reply here if it is not.',
  closed: 'This conversation is closed. Please write a new message.',
};

export function customerView({ data, go }) {
  const main = el('section', { class: 'card', 'aria-live': 'off' });
  const mine = el('nav', { class: 'mine', 'aria-label': 'Your conversations' });
  let form = null;
  let open = null;

  const examples = data.examples.length > 0 && el('section', { class: 'examples' },
    el('h2', {}, 'Try one of these'),
    el('p', {}, 'Fills in the form; you press Send.'),
    data.examples.map((example) => el('button', { type: 'button', class: 'example', onclick: () => tryIt(example) },
      el('strong', {}, example.label || example.subject), el('span', {}, example.text))));
  const root = el('div', { class: 'contact' }, main, el('aside', {}, examples, mine));

  function tryIt(example) {
    if (open) go('customer');
    form.fill(example);
  }

  async function show(id) {
    drawMine(id);
    if (!id) {
      open = null;
      form = form || contactForm(data, (ticket) => { remember(ticket); form = null; go('customer', ticket.id); });
      main.replaceChildren(form);
      return;
    }
    if (open?.id !== id) {
      open = conversation(id, () => go('customer'));
      main.replaceChildren(open.root);
    }
    await open.refresh();
  }

  function drawMine(current) {
    const list = keep.get('mine') || [];
    mine.replaceChildren(...(list.length === 0 ? [] : [
      el('h2', {}, 'Your conversations'),
      ...list.map((t) => el('a', {
        href: `?as=customer&ticket=${encodeURIComponent(t.id)}`, 'aria-current': t.id === current && 'true',
        onclick: (event) => { event.preventDefault(); go('customer', t.id); },
      }, el('span', {}, t.subject || 'No subject'), el('small', {}, ago(t.created_at)))),
    ]));
  }

  return { root, show, changed: (id) => { if (open && (!id || id === open.id)) open.refresh(); } };
}

function remember(ticket) {
  const others = (keep.get('mine') || []).filter((t) => t.id !== ticket.id);
  keep.set('mine', [{ id: ticket.id, subject: ticket.subject, created_at: ticket.created_at }, ...others].slice(0, 8));
}

function contactForm(data, sent) {
  const who = keep.get('who') || {};
  const name = el('input', { id: 'name', autocomplete: 'name', required: true, maxlength: 200, value: who.name || '' });
  const email = el('input', { id: 'email', type: 'email', autocomplete: 'email', required: true, maxlength: 300, value: who.email || '' });
  const subject = el('input', { id: 'subject', required: true, maxlength: 500 });
  const text = el('textarea', { id: 'text', rows: 7, required: true, maxlength: 100000 });
  const files = picker('files', text);
  const channels = ['email', 'chat'].map((c) => el('input', { type: 'radio', name: 'channel', id: `channel-${c}`, value: c, checked: c === 'email' }));
  const error = el('p', { class: 'error', role: 'alert' });
  const button = el('button', { class: 'primary', type: 'submit' }, 'Send message');

  const field = (label, input, ...rest) => el('div', { class: 'field' }, el('label', { for: input.id }, label), input, rest);
  const form = el('form', { onsubmit: send, onkeydown: (event) => sendOnKey(event, () => form.requestSubmit()) },
    el('h1', {}, 'Write to us'),
    el('p', { class: 'lead' }, `${data.company} support. Our AI assistant may answer first, and says so. Ask for a person at any time.`),
    el('div', { class: 'pair' }, field('Your name', name), field('E-mail', email)),
    el('fieldset', { class: 'choice' }, el('legend', {}, 'How shall we answer?'),
      channels[0], el('label', { for: 'channel-email' }, 'By e-mail'),
      channels[1], el('label', { for: 'channel-chat' }, 'In a chat')),
    field('Subject', subject), field('Message', text), files.root,
    error,
    el('div', { class: 'actions' }, button, el('span', { class: 'hint' }, 'Ctrl + Enter sends')));

  form.fill = (example) => {
    name.value = example.name || name.value;
    email.value = example.email || email.value;
    for (const c of channels) c.checked = c.value === (example.channel || 'email');
    subject.value = example.subject || '';
    text.value = example.text || '';
    button.focus();
    form.scrollIntoView({ block: 'nearest' });
  };

  async function send(event) {
    event.preventDefault();
    error.textContent = '';
    button.disabled = true;
    try {
      const customer = { name: name.value, email: email.value };
      keep.set('who', customer);
      sent(await api.create({ customer, subject: subject.value, text: text.value, channel: channels.find((c) => c.checked).value, files: await files.read() }));
    } catch (problem) {
      error.textContent = problem.message;
    } finally {
      button.disabled = false;
    }
  }
  return form;
}

function conversation(id, back) {
  const title = el('h1', { tabindex: '-1' }, '…');
  const status = el('p', { class: 'state', role: 'status' });
  const log = messages(id, 'customer', async (message, words) => { await api.edit(id, message, words); await refresh(); });
  const text = el('textarea', { id: 'answer', rows: 3, required: true, placeholder: 'Write an answer…' });
  const files = picker('answer-files', text);
  const error = el('p', { class: 'error', role: 'alert' });
  const button = el('button', { class: 'primary', type: 'submit' }, 'Send');
  const form = el('form', { class: 'composer', onsubmit: send, onkeydown: (event) => sendOnKey(event, () => form.requestSubmit()) },
    el('label', { for: 'answer', class: 'unseen' }, 'Your answer'), text, files.root, error,
    el('div', { class: 'actions' }, button, el('span', { class: 'hint' }, 'Ctrl + Enter sends')));
  const root = el('div', { class: 'talk' },
    el('button', { class: 'quiet back', type: 'button', onclick: back }, '← New message'), title, status, log, form);

  async function refresh() {
    try {
      const ticket = await api.seenByCustomer(id);
      title.textContent = ticket.subject || 'Your message';
      status.textContent = statusForCustomer[ticket.status] || '';
      form.hidden = ticket.status === 'closed';
      log.show(ticket.messages || []);
    } catch (problem) {
      status.textContent = problem.message;
    }
  }

  async function send(event) {
    event.preventDefault();
    error.textContent = '';
    button.disabled = true;
    try {
      await api.add(id, { role: 'customer', text: text.value, files: await files.read() });
      text.value = '';
      files.clear();
      await refresh();
      text.focus();
    } catch (problem) {
      error.textContent = problem.message;
    } finally {
      button.disabled = false;
    }
  }
  return { id, root, refresh };
}
