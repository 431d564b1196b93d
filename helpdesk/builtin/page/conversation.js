// Draws a ticket's messages, for both sides.
import { el, avatar, dayOf, timeOf } from './dom.js';

const roleWords = { agent: 'Support team', bot: 'AI assistant', participant: 'Also in this conversation', customer: 'Customer' };

function badge(message, own) {
  if (message.role === 'bot') return el('span', { class: 'badge ai' }, 'AI assistant');
  if (own) return null;
  return el('span', { class: `badge ${message.role}` }, roleWords[message.role]);
}

function drawMessage(message, side) {
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
        timeOf(message.at)),
      el('p', { class: 'text' }, message.text)));
}

// messages returns a live log. Its show() draws what is new, and keeps what is there, so that a reader who selects or
// scrolls is not disturbed.
export function messages(side) {
  const log = el('div', { class: 'log', role: 'log', 'aria-live': 'polite', 'aria-label': 'Conversation' });
  let drawn = [];
  let lastDay = '';
  log.show = (list) => {
    if (drawn.some((id, i) => list[i]?.id !== id)) { log.replaceChildren(); drawn = []; lastDay = ''; }
    const first = drawn.length === 0;
    const nearEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 120;
    for (const message of list.slice(drawn.length)) {
      const today = dayOf(message.at);
      if (today !== lastDay) log.append(el('div', { class: 'day' }, el('span', {}, today)));
      lastDay = today;
      log.append(drawMessage(message, side));
      drawn.push(message.id);
    }
    if (first || nearEnd) requestAnimationFrame(() => { log.scrollTop = log.scrollHeight; });
  };
  return log;
}
