// Calls the desk's API. A refusal becomes an Error whose message is the desk's own words.

async function call(method, path, body) {
  let response;
  try {
    response = await fetch(`/desk/api/${path}`, {
      method,
      headers: body ? { 'Content-Type': 'application/json' } : {},
      body: body ? JSON.stringify(body) : undefined,
    });
  } catch {
    throw new Error('The desk cannot be reached. What you wrote is still here; try again.');
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error || `The desk answered ${response.status}.`);
  return answer;
}

const at = (id) => `tickets/${encodeURIComponent(id)}`;

export const api = {
  list: async () => (await call('GET', 'tickets?limit=1000')).tickets,
  ticket: (id) => call('GET', at(id)),
  seenByCustomer: (id) => call('GET', `${at(id)}?view=customer`),
  create: (ticket) => call('POST', 'tickets', ticket),
  add: (id, message) => call('POST', `${at(id)}/messages`, message),
  edit: (id, message, text) => call('PATCH', `${at(id)}/messages/${encodeURIComponent(message)}`, { text }),
  patch: (id, change) => call('PATCH', at(id), change),
};

// follow calls changed(ticketId) at every change anywhere, and state(up) as the connection comes and goes. A browser opens
// six connections to one place, tabs and pages one may go back to together: only a page in view holds one for its stream.
export function follow(changed, state) {
  let source = null;
  const close = () => {
    if (!source) return;
    source.close();
    source = null;
    state(false);
  };
  const look = () => {
    if (document.visibilityState !== 'visible') { close(); return; }
    if (source) return;
    source = new EventSource('/desk/api/stream');
    source.addEventListener('open', () => state(true));
    source.addEventListener('error', () => state(false));
    source.addEventListener('change', (event) => changed(JSON.parse(event.data).ticket));
  };
  document.addEventListener('visibilitychange', look);
  addEventListener('pagehide', close);
  addEventListener('pageshow', look);
  look();
}
