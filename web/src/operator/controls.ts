// Small controls that several panels use.
import { h, setAttribute, setText } from './dom';
import { healthGrade, healthText } from './format';
import type { ChannelHealth, HealthState } from '../model/events';

/** How long a button waits for its second press, in milliseconds. */
const SureMs = 5000;

/** A button for what cannot be taken back: the first press asks, the second, within five seconds, does it. */
export function twicePressed(label: string, sure: string, act: () => void, name?: string): HTMLButtonElement {
  let waiting: ReturnType<typeof setTimeout> | null = null;
  const button = h('button', { type: 'button', class: 'button quiet', ...(name ? { 'aria-label': `${label} ${name}` } : {}) }, label);
  const rest = () => {
    if (waiting !== null) clearTimeout(waiting);
    waiting = null;
    button.textContent = label;
    button.classList.remove('sure');
    if (name) button.setAttribute('aria-label', `${label} ${name}`);
  };
  button.addEventListener('click', () => {
    if (waiting === null) {
      button.textContent = sure;
      button.classList.add('sure');
      if (name) button.setAttribute('aria-label', `${sure} ${name}`);
      waiting = setTimeout(rest, SureMs);
    } else {
      rest();
      act();
    }
  });
  return button;
}

/** A sign, a colour and a word for a health. */
export function healthMark(): { element: HTMLElement; update(state: HealthState | ChannelHealth): void } {
  const sign = h('span', { 'aria-hidden': 'true' });
  const word = h('span');
  const element = h('span', { class: 'health' }, sign, word);
  return {
    element,
    update(state) {
      const { grade, sign: mark } = healthGrade(state);
      setAttribute(element, 'data-grade', grade);
      setText(sign, mark);
      setText(word, healthText(state));
    },
  };
}

/** A section with a heading and an optional place for buttons on its right. */
export function section(title: string, ...children: (Node | null)[]): { element: HTMLElement; count: HTMLElement; tools: HTMLElement } {
  const count = h('span', { class: 'count' });
  const tools = h('span', { class: 'tools' });
  const element = h('section', { class: 'section' }, h('h2', {}, h('span', {}, title, ' ', count), tools), ...children);
  return { element, count, tools };
}

/** A sentence that stands where a list is empty. */
export function emptyNote(text: string): HTMLElement {
  return h('p', { class: 'empty', text });
}
