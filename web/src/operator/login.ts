// The log-in form.
import { login, type Me } from './api';
import { h } from './dom';

/** Shows the form and calls `done` once somebody is logged in. */
export function showLogin(root: HTMLElement, me: Me | null, done: (me: Me) => void): void {
  const name = h('input', { id: 'login-name', name: 'user', autocomplete: 'username', required: true, autocapitalize: 'none', spellcheck: 'false' });
  const password = h('input', { id: 'login-password', name: 'password', type: 'password', autocomplete: 'current-password', required: true });
  const refused = h('p', { class: 'login-refused', role: 'alert' });
  const enter = h('button', { type: 'submit', class: 'button primary', text: 'Log in' });
  async function send(): Promise<void> {
    enter.disabled = true;
    const answer = await login(name.value, password.value);
    enter.disabled = false;
    if (answer.ok && answer.value.role !== null) return done(answer.value);
    refused.textContent = answer.ok ? 'This account has no role here.' : answer.reason;
    password.select();
  }
  root.replaceChildren(h('main', { class: 'login' },
    h('form', { class: 'login-box', on: { submit: (event) => { event.preventDefault(); void send(); } } },
      h('img', { src: '/icon.svg', alt: '', width: 48, height: 48 }), h('h1', { text: 'Tocsin: operator' }),
      me?.firstAdministratorMissing ? h('p', { class: 'login-first', text: 'There is no administrator yet. The first one is made on the server\'s command line; the operating manual says how.' }) : null,
      h('label', { for: 'login-name', text: 'Name' }), name, h('label', { for: 'login-password', text: 'Password' }), password, refused, enter,
      me?.oidc ? h('a', { class: 'button', href: '/api/login/oidc', text: 'Log in with your organisation' }) : null,
      h('p', { class: 'detail' }, 'The page of a zone needs no log-in: ', h('a', { href: '/', text: 'to the zones' }), '.'))));
  name.focus();
}
