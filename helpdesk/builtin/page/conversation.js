// Draws a ticket's messages, for both sides.
import { el, avatar, dayOf, timeOf } from './dom.js';
import { attachments } from './files.js';

const roleWords = { agent: 'Support team', bot: 'AI assistant', participant: 'Also in this conversation', customer: 'Customer' };

function badge(message, own) {
  if (message.role === 'bot') return el('span', { class: 'badge ai' }, 'AI assistant');
  if (own) return null;
  return el('span', { class: `badge ${message.role}` }, roleWords[message.role]);
}

function drawMessage(ticket, message, side, edit) {
  const own = side === 'customer' ? message.role === 'customer' : message.role === 'agent' || message.role === 'bot';
  const name = side === 'customer' && own ? 'You' : message.author;
  const note = !message.public;
  return el('article', { class: `message ${own ? 'own' : 'theirs'} ${message.role}${note ? ' note' : ''}`, 'data-id': message.id },
    avatar(message.author, message.role),
    el('div', { class: 'bubble' },
      el('header', {},
        // "AI assistant AI assistant" says it once too often
        message.role === 'bot' && name === 'AI assistant' ? null : el('strong', {}, name),
        badge(message, side === 'customer' && own),
        note && el('span', { class: 'badge internal' }, 'Internal note · the customer does not see this'),
        message.auto && el('span', { class: 'badge' }, 'Automatic reply'),
        message.edited_at && el('span', { class: 'badge edited' }, 'Edited'),
        timeOf(message.at)),
      message.text && el('p', { class: 'text' }, message.text),
      attachments(ticket, message, side),
      edit && own && message.role === 'customer' && el('button', { type: 'button', class: 'quiet edit', onclick: (event) => editor(event.target, message, edit) }, 'Edit')));
}

// editor puts a field in the place of a message's text.
function editor(button, message, edit) {
  const bubble = button.parentElement;
  const text = el('textarea', { rows: 4, required: true, 'aria-label': 'Your message' });
  const error = el('p', { class: 'error', role: 'alert' });
  text.value = message.text;
  const form = el('form', { class: 'editor', onsubmit: async (event) => {
    event.preventDefault();
    try { await edit(message.id, text.value); } catch (problem) { error.textContent = problem.message; }
  } }, text, error, el('div', { class: 'actions' },
    el('button', { class: 'primary', type: 'submit' }, 'Save'), el('button', { type: 'button', class: 'quiet', onclick: stop }, 'Cancel')));
  const was = bubble.querySelector('.text');
  function stop() { form.remove(); button.hidden = false; if (was) was.hidden = false; }
  if (was) was.hidden = true;
  button.hidden = true;
  bubble.insertBefore(form, button);
  text.focus();
}

// messages returns a live log. Its show() draws what is new, and keeps what is there, so that a reader who selects or
// scrolls is not disturbed. edit, where there is one, changes a message of the reader's own.
export function messages(ticket, side, edit) {
  const log = el('div', { class: 'log', role: 'log', 'aria-live': 'polite', 'aria-label': 'Conversation' });
  let drawn = [];
  let lastDay = '';
  log.show = (list) => {
    if (drawn.some((mark, i) => markOf(list[i]) !== mark)) { log.replaceChildren(); drawn = []; lastDay = ''; }
    const first = drawn.length === 0;
    const nearEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 120;
    for (const message of list.slice(drawn.length)) {
      const today = dayOf(message.at);
      if (today !== lastDay) log.append(el('div', { class: 'day' }, el('span', {}, today)));
      lastDay = today;
      log.append(drawMessage(ticket, message, side, edit));
      drawn.push(markOf(message));
    }
    if (first || nearEnd) requestAnimationFrame(() => { log.scrollTop = log.scrollHeight; });
  };
  return log;
}

// markOf tells a message as it was drawn from what it became.
const markOf = (message) => `${message?.id} ${message?.edited_at || ''}`;
