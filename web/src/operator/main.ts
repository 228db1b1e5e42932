// The operator's page: log-in, then the live Site.
import './operator.css';
import { LiveSource } from '../model/live';
import { me, request, type Me, type SiteAnswer } from './api';
import { h } from './dom';
import { showLogin } from './login';
import { OperatorPage } from './page';
import { startTheme } from './theme';

/** Shows the operator's page, or the log-in form where nobody is logged in. */
export async function mountOperator(root: HTMLElement): Promise<void> {
  startTheme(() => {});
  const answer = await me();
  if (!answer.ok) return showFailure(root, answer.reason);
  if (answer.value.role === null) return showLogin(root, answer.value, (logged) => void start(root, logged));
  await start(root, answer.value);
}

async function start(root: HTMLElement, who: Me): Promise<void> {
  const answer = await request<SiteAnswer>('GET', '/api/site');
  if (!answer.ok) return showFailure(root, answer.reason);
  let over = false;
  const source: LiveSource = new LiveSource((events, snapshot) => page.heard(events, snapshot), () => void refused());
  const page = new OperatorPage(answer.value, who, source);
  root.replaceChildren(page.element);
  const frame = () => {
    if (over) return;
    page.frame();
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);

  /** The stream was refused: perhaps the log-in is over. */
  async function refused(): Promise<void> {
    const again = await me();
    if (over || !again.ok || again.value.role !== null) return;
    over = true;
    source.close();
    showLogin(root, again.value, (logged) => void start(root, logged));
  }
}

function showFailure(root: HTMLElement, reason: string): void {
  root.replaceChildren(h('main', { class: 'login' }, h('div', { class: 'login-box' }, h('h1', { text: 'The page could not start' }), h('p', { role: 'alert', text: reason }),
    h('button', { type: 'button', class: 'button primary', text: 'Try again', on: { click: () => location.reload() } }))));
}
