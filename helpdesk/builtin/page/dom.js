// Makes elements. Text is always a text node, so nothing that people write can become markup.

export function el(name, props = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === 'class') node.className = value;
    else if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (key === 'value') node.value = value;
    else node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.flat(2).filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });

export const dayOf = (at) => {
  const today = new Date();
  if (new Date(at).toDateString() === today.toDateString()) return 'Today';
  today.setDate(today.getDate() - 1);
  return new Date(at).toDateString() === today.toDateString() ? 'Yesterday' : day.format(new Date(at));
};

export const timeOf = (at) =>
  el('time', { datetime: at, title: full.format(new Date(at)) }, clock.format(new Date(at)));

export function ago(at) {
  const minutes = Math.max(0, Math.round((Date.now() - new Date(at)) / 60000));
  if (minutes < 1) return 'now';
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} h`;
  return `${Math.round(minutes / 1440)} days`;
}

export const statusWords = {
  open: 'Open', pending: 'Pending', on_hold: 'On hold', solved: 'Solved', closed: 'Closed',
};

export const channelWords = { email: 'E-mail', chat: 'Chat', web: 'Web form' };

// avatar draws initials on a colour that follows from the name.
export function avatar(name, role) {
  if (role === 'bot') return el('span', { class: 'avatar bot', 'aria-hidden': 'true' }, 'AI');
  const letters = name.split(/\s+/).map((w) => [...w][0] || '').join('').slice(0, 2).toUpperCase();
  let sum = 0;
  for (const c of name) sum = (sum * 31 + c.codePointAt(0)) % 6;
  return el('span', { class: `avatar tone${sum}`, 'aria-hidden': 'true' }, letters || '?');
}

// keep stores a small setting; a browser that forbids it just forgets.
export const keep = {
  get(key) { try { return JSON.parse(localStorage.getItem(`desk.${key}`)); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(`desk.${key}`, JSON.stringify(value)); } catch { /* not kept */ } },
};

// sendOnKey lets Ctrl+Enter (or Cmd+Enter) do what the button does.
export function sendOnKey(event, send) {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); send(); }
}
