// The agents' side: the list, and beside it one ticket.
import { api } from './api.js';
import { el, ago, keep, channelWords, statusWords } from './dom.js';
import { ticketPane } from './ticket.js';

const tabs = [
  ['open', 'Open', (t) => t.status === 'open'],
  ['waiting', 'Waiting', (t) => t.status === 'pending' || t.status === 'on_hold'],
  ['done', 'Solved', (t) => t.status === 'solved' || t.status === 'closed'],
  ['all', 'All', () => true],
];

export function agentView({ data, go }) {
  const rows = el('div', { class: 'rows', role: 'list', 'aria-label': 'Tickets', onkeydown: arrows });
  const tabBar = el('div', { class: 'tabs', role: 'group', 'aria-label': 'Show' });
  const search = el('input', { type: 'search', 'aria-label': 'Search tickets', placeholder: 'Search subject, customer, tag', oninput: draw });
  const empty = el('div', { class: 'empty' }, el('h2', {}, 'No ticket chosen'), el('p', {}, 'Pick one on the left. New ones appear by themselves.'));
  const pane = el('section', { class: 'pane', 'aria-label': 'Ticket' }, empty);
  const root = el('div', { class: 'agents' },
    el('section', { class: 'list', 'aria-label': 'Ticket list' }, el('div', { class: 'filters' }, search, tabBar), rows), pane);
  const names = new Map(data.agents.map((a) => [a.id, a.name]));

  let tickets = [];
  let tab = keep.get('tab') || 'all';
  let open = null;
  let reload = 0;

  async function load() {
    try {
      tickets = await api.list();
      draw();
    } catch (problem) {
      rows.replaceChildren(el('p', { class: 'error', role: 'alert' }, problem.message));
    }
  }

  function draw() {
    const words = search.value.trim().toLowerCase();
    const fits = tabs.find(([key]) => key === tab)?.[2] || (() => true);
    const found = tickets.filter((t) => fits(t) && (!words ||
      `${t.id} ${t.subject} ${t.customer.name} ${t.customer.email} ${t.tags.join(' ')}`.toLowerCase().includes(words)));
    tabBar.replaceChildren(...tabs.map(([key, label, keepIt]) => el('button', {
      type: 'button', 'aria-pressed': String(key === tab), onclick: () => { tab = key; keep.set('tab', key); draw(); },
    }, label, el('small', {}, String(tickets.filter(keepIt).length)))));
    const focused = rows.contains(document.activeElement) && document.activeElement.dataset.id;
    rows.replaceChildren(...(found.length ? found.map(row) : [el('p', { class: 'nothing' }, 'Nothing here.')]));
    if (focused) rows.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
  }

  function row(t) {
    return el('div', { role: 'listitem' }, el('a', {
      href: `?as=agent&ticket=${encodeURIComponent(t.id)}`, 'data-id': t.id, 'aria-current': open?.id === t.id && 'true',
      onclick: (event) => { if (event.ctrlKey || event.metaKey) return; event.preventDefault(); go('agent', t.id); },
    },
    el('span', { class: 'top' }, el('strong', {}, t.subject || 'No subject'), el('small', {}, ago(t.updated_at))),
    el('span', { class: 'who' }, `#${t.id} · ${t.customer.name} · ${channelWords[t.channel] || t.channel}`),
    el('span', { class: 'preview' }, t.preview),
    el('span', { class: 'foot' },
      el('span', { class: `status ${t.status}` }, statusWords[t.status] || t.status),
      el('span', {}, t.assignee ? names.get(t.assignee) || t.assignee : 'Nobody yet'),
      t.tags.slice(0, 2).map((tag) => el('span', { class: 'tag' }, tag)),
      t.tags.length > 2 && el('span', {}, `+${t.tags.length - 2}`))));
  }

  function arrows(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const links = [...rows.querySelectorAll('a')];
    const next = links[links.indexOf(document.activeElement) + step];
    if (next) { event.preventDefault(); next.focus(); }
  }

  async function show(id) {
    if (!id) {
      open = null;
      pane.replaceChildren(empty);
    } else if (open?.id !== id) {
      open = ticketPane(id, data);
      pane.replaceChildren(open.root);
    }
    await Promise.all([load(), open?.refresh()]);
  }

  function changed(id) {
    clearTimeout(reload);
    reload = setTimeout(load, 100); // one reload for a burst of changes
    if (open && (!id || id === open.id)) open.refresh();
  }
  return { root, show, changed };
}
