// The head of the page: which site, what it is worth (exercise, test), the Site's clock, the connection, and who is here.
import { request } from './api';
import type { Context, Panel, View } from './context';
import { h, setAttribute, setText } from './dom';
import { clockText, dateText, statusMark } from './format';
import { theme, toggleTheme } from './theme';

export function header(context: Context, themeChanged: () => void): Panel {
  const name = h('h1', { text: context.answer.name });
  const mark = h('strong', { class: 'mark' });
  const clock = h('span', { class: 'clock', title: 'The Site\'s own time' });
  const date = h('span', { class: 'clock-date' });
  const connection = h('span', { class: 'connection', role: 'status' });
  const themeButton = h('button', { type: 'button', class: 'button quiet', 'aria-label': 'Change between light and dark' });
  const showTheme = () => setText(themeButton, theme() === 'dark' ? '☀ Light' : '☾ Dark');
  themeButton.addEventListener('click', () => { toggleTheme(); showTheme(); themeChanged(); });
  showTheme();
  const { user, role } = context.me;
  const logout = user === null ? null : h('button', { type: 'button', class: 'button quiet', text: 'Log out', on: { click: () => void leave() } });
  async function leave(): Promise<void> {
    const answer = await request('POST', '/api/logout');
    if (answer.ok) location.assign('/operator');
    else context.say(answer.reason, 'bad');
  }
  const element = h('header', { class: 'head' },
    h('a', { class: 'brand', href: '/', title: 'Start page' }, h('img', { src: '/icon.svg', alt: 'Tocsin', width: 28, height: 28 })),
    name, mark, h('span', { class: 'spring' }), h('span', { class: 'clock-box' }, clock, date), connection,
    h('span', { class: 'who' }, user === null ? 'not logged in' : `${user} · ${role ?? ''}`), themeButton, logout);
  return {
    element,
    update(view: View) {
      const text = view.replay ? 'REPLAY' : statusMark(view.state.status ?? context.answer.status);
      setText(mark, text ?? '');
      mark.hidden = text === null;
      setAttribute(mark, 'data-mark', text);
      setText(clock, clockText(view.nowMs));
      const speed = view.replay || view.state.speed === 1 ? '' : ` · ×${view.state.speed}`;
      setText(date, `${dateText(view.nowMs)} UTC${speed}`);
      const words = { connecting: '… Connecting', live: '● Live', lost: '▲ Connection lost', old: '✕ No connection' }[view.connection];
      setText(connection, view.replay ? '▮▮ Replay' : words);
      setAttribute(connection, 'data-connection', view.replay ? 'replay' : view.connection);
      setText(name, view.site.name);
    },
  };
}
