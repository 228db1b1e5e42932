// Administration: users, keys for machines, and the audit log. For administrators alone; the server checks it, the page only hides it.
import { request, type ApiKey, type AuditEntry, type User } from './api';
import type { Context, Panel } from './context';
import { emptyNote, section, twicePressed } from './controls';
import { h } from './dom';
import { momentText } from './format';

export function adminPanel(context: Context): Panel & { opened(): void } {
  const users = users_(context), keys = keys_(context), audit = audit_();
  return {
    element: h('div', { class: 'panel' }, users.element, keys.element, audit.element),
    opened: () => { void users.load(); void keys.load(); void audit.load(); },
    update: () => {},
  };
}

interface Loaded { element: HTMLElement; load(): Promise<void> }

function users_(context: Context): Loaded {
  const body = h('tbody');
  const name = h('input', { id: 'user-name', required: true, autocomplete: 'off', maxlength: 100 });
  const password = h('input', { id: 'user-password', type: 'password', required: true, minlength: 8, autocomplete: 'new-password' });
  const role = h('select', { id: 'user-role' }, ...['viewer', 'operator', 'administrator'].map((value) => h('option', { value, text: value })));
  const form = h('form', { class: 'fields', on: { submit: (event) => { event.preventDefault(); void add(); } } },
    h('label', { for: 'user-name', text: 'Name' }), name, h('label', { for: 'user-role', text: 'Role' }), role, h('label', { for: 'user-password', text: 'Password' }), password,
    h('span'), h('button', { type: 'submit', class: 'button', text: 'Add the user' }));
  const part = section('Users', table(['Name', 'Role', ''], body), h('details', {}, h('summary', { text: 'Add a user' }), form));
  async function load(): Promise<void> {
    const answer = await request<User[]>('GET', '/api/users');
    body.replaceChildren(...(answer.ok ? answer.value.map((user) => h('tr', {}, h('td', { text: user.name }), h('td', { text: user.role }),
      h('td', { class: 'right' }, twicePressed('Remove', 'Remove: sure?', () => void remove(user.name), user.name)))) : [h('tr', {}, h('td', { colspan: 3, text: answer.reason }))]));
  }
  async function add(): Promise<void> {
    if (!(await context.act('POST', '/api/users', { name: name.value, role: role.value, password: password.value }))) return;
    form.reset();
    await load();
  }
  async function remove(user: string): Promise<void> {
    if (await context.act('DELETE', `/api/users/${encodeURIComponent(user)}`)) await load();
  }
  return { element: part.element, load };
}

function keys_(context: Context): Loaded {
  const body = h('tbody');
  const name = h('input', { id: 'key-name', required: true, autocomplete: 'off', maxlength: 100 });
  const scopes = h('input', { id: 'key-scopes', value: 'plots', autocomplete: 'off', 'aria-describedby': 'key-scopes-note' });
  const shown = h('div', { class: 'secret', role: 'status' });
  const form = h('form', { class: 'fields', on: { submit: (event) => { event.preventDefault(); void add(); } } },
    h('label', { for: 'key-name', text: 'Name' }), name, h('label', { for: 'key-scopes', text: 'Scopes' }), scopes,
    h('span'), h('span', { id: 'key-scopes-note', class: 'detail', text: 'With spaces between, such as: plots metrics' }),
    h('span'), h('button', { type: 'submit', class: 'button', text: 'Make the key' }));
  const part = section('Keys for machines', shown, table(['Name', 'Scopes', 'Last used', ''], body), h('details', {}, h('summary', { text: 'Make a key' }), form));
  shown.hidden = true;
  async function load(): Promise<void> {
    const answer = await request<ApiKey[]>('GET', '/api/keys');
    body.replaceChildren(...(answer.ok ? answer.value.map((key) => h('tr', {}, h('td', { text: key.name }), h('td', { text: key.scopes.join(' ') }), h('td', { text: key.lastUsed === null ? 'never' : momentText(Date.parse(key.lastUsed)) }),
      h('td', { class: 'right' }, key.revoked ? 'revoked' : twicePressed('Revoke', 'Revoke: sure?', () => void remove(key.id), key.name)))) : [h('tr', {}, h('td', { colspan: 4, text: answer.reason }))]));
  }
  async function add(): Promise<void> {
    const answer = await request<{ id: string; key: string }>('POST', '/api/keys', { name: name.value, scopes: scopes.value.split(/[\s,]+/).filter((scope) => scope !== '') });
    if (!answer.ok) return context.say(answer.reason, 'bad');
    shown.hidden = false;
    shown.replaceChildren(h('p', { text: 'Copy the key now: it is shown this once and kept nowhere.' }), h('code', { tabindex: 0, text: answer.value.key }),
      h('button', { type: 'button', class: 'button quiet', text: 'I have copied it', on: { click: () => { shown.hidden = true; shown.replaceChildren(); } } }));
    form.reset();
    await load();
  }
  async function remove(id: string): Promise<void> {
    if (await context.act('DELETE', `/api/keys/${encodeURIComponent(id)}`)) await load();
  }
  return { element: part.element, load };
}

function audit_(): Loaded {
  const body = h('tbody');
  const part = section('Audit log', table(['Time', 'Who', 'Act', 'Detail'], body), emptyNote('The newest 200 acts, by the server\'s clock.'));
  return {
    element: part.element,
    async load() {
      const answer = await request<AuditEntry[]>('GET', '/api/audit?limit=200');
      body.replaceChildren(...(answer.ok ? answer.value.map((entry) => h('tr', {}, h('td', { text: momentText(Date.parse(entry.time)) }), h('td', { text: entry.who }), h('td', { text: entry.act }), h('td', { text: entry.detail })))
        : [h('tr', {}, h('td', { colspan: 4, text: answer.reason }))]));
    },
  };
}

function table(heads: string[], body: HTMLElement): HTMLElement {
  return h('div', { class: 'table-box' }, h('table', {}, h('thead', {}, h('tr', {}, ...heads.map((text) => h('th', { scope: 'col', text })))), body));
}
