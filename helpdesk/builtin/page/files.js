// Files that people attach, and those that a message has.
import { el } from './dom.js';

const most = 10;
const mostBytes = 8 << 20;
const shown = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

// picker returns an input for files. Its read() gives them as the API takes them; a text beside it may then stay empty.
export function picker(id, text) {
  const input = el('input', { id, type: 'file', multiple: true, onchange: () => { text.required = input.files.length === 0; } });
  const root = el('div', { class: 'field attach' }, el('label', { for: id }, 'Attach files'), input);
  return {
    root,
    async read() {
      const files = [...input.files];
      if (files.length > most) throw new Error(`${files.length} files; at most ${most} can be sent at once.`);
      if (files.reduce((sum, file) => sum + file.size, 0) > mostBytes) throw new Error('Together the files are larger than 8 MB; send fewer or smaller ones.');
      return Promise.all(files.map(async (file) => ({ name: file.name, type: file.type || undefined, body: await base64(file) })));
    },
    clear() { input.value = ''; text.required = true; },
  };
}

const base64 = (file) => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1)); // of a data: address
  reader.onerror = () => reject(new Error(`${file.name} cannot be read.`));
  reader.readAsDataURL(file);
});

// attachments draws a message's files: pictures as such, the others to save.
export function attachments(ticket, message, side) {
  if (!message.files) return null;
  const view = side === 'customer' ? '?view=customer' : '';
  return el('ul', { class: 'files' }, message.files.map((file) => {
    const address = `/desk/api/tickets/${encodeURIComponent(ticket)}/messages/${encodeURIComponent(message.id)}/files/${encodeURIComponent(file.id)}${view}`;
    return el('li', {}, el('a', { href: address, download: file.name },
      shown.includes(file.type) && el('img', { src: address, alt: file.name, loading: 'lazy' }),
      el('span', {}, `${file.name} · ${sizeOf(file.size)}`)));
  }));
}

function sizeOf(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
