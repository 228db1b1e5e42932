// Past incidents: the list, one incident's warnings, and the way into its replay.
import { request, type Incident, type IncidentWarning } from './api';
import { zoneName, type Context, type Panel, type View } from './context';
import { emptyNote, section } from './controls';
import { h } from './dom';
import { clockText, momentText, statusMark } from './format';

export function incidentsPanel(context: Context): Panel & { opened(): void } {
  const list = h('ul', { class: 'cards' });
  const note = emptyNote('Loading …');
  const again = h('button', { type: 'button', class: 'button quiet', text: 'Load again', on: { click: () => void load() } });
  const detail = h('div', { class: 'incident-detail' });
  const body = section('Incidents', note, list, detail);
  body.tools.append(again);
  let view: View | null = null;

  async function load(): Promise<void> {
    const answer = await request<Incident[]>('GET', '/api/incidents');
    note.hidden = answer.ok && answer.value.length > 0;
    note.textContent = answer.ok ? 'No incident has been recorded yet.' : answer.reason;
    list.replaceChildren(...(answer.ok ? answer.value : []).map(line));
  }

  function line(incident: Incident): HTMLElement {
    const mark = incident.drill ? 'DRILL' : statusMark(incident.status);
    const replay = h('button', { type: 'button', class: 'button', text: '▶ Replay', 'aria-label': `Replay incident ${incident.id}`, on: { click: () => void context.replay(incident) } });
    const more = h('button', { type: 'button', class: 'button quiet', text: 'Warnings', 'aria-label': `Warnings of incident ${incident.id}`, on: { click: () => void show(incident) } });
    return h('li', { class: 'card' }, h('span', { class: 'grow' },
      h('span', { class: 'card-head' }, h('strong', { text: momentText(Date.parse(incident.opened)) }), mark === null ? null : h('span', { class: `tag ${incident.drill ? 'tag-drill' : ''}`, text: mark })),
      h('span', { class: 'detail', text: `${incident.id} · ${count(incident.rounds, 'round')} · ${count(incident.warnings, 'warning')} in ${count(incident.zones.length, 'zone')}${incident.closed === null ? ' · still open' : ` · until ${clockText(Date.parse(incident.closed))}`}` })),
      h('span', { class: 'buttons' }, more, replay));
  }

  async function show(incident: Incident): Promise<void> {
    const answer = await request<Incident & { warnings: IncidentWarning[] }>('GET', `/api/incidents/${encodeURIComponent(incident.id)}`);
    if (!answer.ok) return context.say(answer.reason, 'bad');
    const rows = answer.value.warnings.map((warning) => h('tr', {},
      h('td', { text: clockText(Date.parse(warning.raised)) }), h('td', { text: view ? zoneName(view.site, warning.zone) : warning.zone }),
      h('td', { class: 'number', text: `${warning.leadTimeS.toFixed(0)} s` }),
      h('td', { text: warning.cleared === null ? 'stands' : `${warning.reason === 'retracted' ? 'withdrawn' : 'over'} ${clockText(Date.parse(warning.cleared))}` }),
      h('td', { text: warning.acknowledgedBy ?? '–' })));
    detail.replaceChildren(h('h3', { text: `Warnings of ${incident.id}` }), rows.length === 0 ? emptyNote('No zone was warned.')
      : h('table', {}, h('thead', {}, h('tr', {}, ...['Raised', 'Zone', 'Lead', 'Ended', 'Acknowledged'].map((text) => h('th', { scope: 'col', text })))), h('tbody', {}, ...rows)));
    detail.scrollIntoView({ block: 'nearest' });
  }

  return {
    element: h('div', { class: 'panel' }, body.element),
    opened: () => void load(),
    update(next) { view = next; },
  };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
