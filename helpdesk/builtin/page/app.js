// Starts the page: which view, which ticket, which theme, and the live connection.
import { follow } from './api.js';
import { keep } from './dom.js';
import { customerView } from './customer.js';
import { agentView } from './agent.js';

const data = JSON.parse(document.getElementById('data').textContent);
data.agents ||= [];
data.examples ||= [];
const main = document.getElementById('view');
let view = null;

function route() {
  const query = new URLSearchParams(location.search);
  const as = query.get('as') === 'agent' ? 'agent' : 'customer';
  const ticket = query.get('ticket');
  document.body.dataset.as = as;
  for (const link of document.querySelectorAll('.switch a')) {
    if (link.dataset.as === as) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (view?.as !== as) {
    view = (as === 'agent' ? agentView : customerView)({ data, go });
    view.as = as;
    main.replaceChildren(view.root);
  }
  view.show(ticket);
}

// go changes the address, and with it what is shown.
function go(as, ticket) {
  const query = new URLSearchParams({ as });
  if (ticket) query.set('ticket', ticket);
  history.pushState(null, '', `?${query}`);
  route();
}

document.querySelector('.switch').addEventListener('click', (event) => {
  const link = event.target.closest('a');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(link.dataset.as);
});
addEventListener('popstate', route);

const themeButton = document.getElementById('theme');
const prefersDark = matchMedia('(prefers-color-scheme: dark)');
function drawTheme() {
  const theme = keep.get('theme') || (prefersDark.matches ? 'dark' : 'light');
  document.documentElement.dataset.theme = theme;
  themeButton.textContent = theme === 'dark' ? 'Light' : 'Dark';
  themeButton.setAttribute('aria-label', `Use the ${theme === 'dark' ? 'light' : 'dark'} theme`);
}
themeButton.addEventListener('click', () => {
  keep.set('theme', document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');
  drawTheme();
});
prefersDark.addEventListener('change', drawTheme);

drawTheme();
route();

const live = document.getElementById('live');
let wasDown = false;
follow((ticket) => view.changed(ticket), (up) => {
  live.textContent = up ? 'Live' : 'Reconnecting…';
  live.classList.toggle('up', up);
  if (up && wasDown) view.changed(null); // something may have been missed
  wasDown = !up;
});
