// What is read aloud to those who do not see the map: warnings as they are raised and cleared, gathered so that a salvo is one sentence.
import type { AnyEvent } from '../model/events';
import type { Site } from '../model/site';
import { zoneName } from './context';
import { h } from './dom';

/** How long warnings are gathered, in milliseconds. */
const GatherMs = 700;

export function announcer(): { element: HTMLElement; hear(events: readonly AnyEvent[], site: Site): void } {
  const urgent = h('div', { 'aria-live': 'assertive', role: 'alert' });
  const calm = h('div', { 'aria-live': 'polite', role: 'status' });
  const raised = new Set<string>(), cleared = new Set<string>();
  let waiting = false;
  function speak(): void {
    waiting = false;
    if (raised.size > 0) urgent.textContent = `Warned: ${[...raised].join(', ')}.`;
    if (cleared.size > 0) calm.textContent = `Ended: ${[...cleared].join(', ')}.`;
    raised.clear();
    cleared.clear();
  }
  return {
    element: h('div', { class: 'aloud' }, urgent, calm),
    hear(events, site) {
      for (const event of events) {
        if (event.type !== 'warning.raised' && event.type !== 'warning.cleared') continue;
        if (!('zone' in event) || typeof event.zone !== 'string') continue;
        const name = `${'drill' in event && event.drill ? 'drill, ' : ''}${zoneName(site, event.zone)}`;
        (event.type === 'warning.raised' ? raised : cleared).add(name);
      }
      if (waiting || raised.size + cleared.size === 0) return;
      waiting = true;
      setTimeout(speak, GatherMs);
    },
  };
}
