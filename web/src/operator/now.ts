// What happens now: zones that are warned with what can be done about it, rounds in flight, and what has just ended.
import type { Warning } from '../model/state';
import { endedWarnings, roundsOf, standingWarnings, type Round } from '../model/views';
import { zoneName, type Context, type Panel, type View } from './context';
import { emptyNote, section, twicePressed } from './controls';
import { h, KeyedList, setAttribute, setText, type Part } from './dom';
import { adviceText, clockText, countdown, ellipseText, kindText, percent, zoneCountdown } from './format';

/** The most rounds and ended warnings that have a line each. */
const RoundLines = 40, EndedLines = 12;

export function nowPanel(context: Context): Panel {
  const holder: { view: View | null } = { view: null };
  const warned = new KeyedList<Warning>(h('ul', { class: 'cards' }), (warning) => warning.id, (warning) => warningPart(warning, context, holder));
  const warnedSection = section('Zones warned', warned.element);
  const noneWarned = emptyNote('No zone is warned.');
  warnedSection.element.append(noneWarned);
  const allClear = twicePressed('All-clear', 'All zones: sure?', () => void context.act('POST', '/api/all-clear', { zone: null }));
  const acknowledgeAll = h('button', { type: 'button', class: 'button', text: 'Acknowledge all', on: { click: () => {
    for (const warning of holder.view ? standingWarnings(holder.view.state, holder.view.nowMs) : []) {
      if (warning.acknowledgedBy === null && !holder.view?.state.held.has(warning.id)) void context.act('POST', `/api/warnings/${encodeURIComponent(warning.id)}/acknowledge`);
    }
  } } });
  warnedSection.tools.append(acknowledgeAll, ' ', allClear);

  const body = h('tbody');
  const rounds = new KeyedList<Round>(body, (round) => round.track.id, (round) => roundPart(round, context, holder));
  const table = h('table', { class: 'rounds' }, h('thead', {}, h('tr', {},
    h('th', { scope: 'col', text: 'Impact in' }), h('th', { scope: 'col', text: 'Track' }), h('th', { scope: 'col', text: 'Held to be' }),
    h('th', { scope: 'col', text: 'Falls on' }), h('th', { scope: 'col', text: '95 % within', title: 'Half axes of the ellipse that holds the impact with 95 %' }))), body);
  const roundsSection = section('Rounds in flight', table);
  const noRounds = emptyNote('Nothing is tracked now.');
  const more = emptyNote('');
  roundsSection.element.append(noRounds, more);

  const ended = new KeyedList<Warning>(h('ul', { class: 'lines' }), (warning) => warning.id, () => endedPart(holder));
  const endedSection = section('Ended in the last ten minutes', ended.element);

  return {
    element: h('div', { class: 'panel panel-now' }, warnedSection.element, roundsSection.element, endedSection.element),
    update(view) {
      holder.view = view;
      const standing = standingWarnings(view.state, view.nowMs).filter((warning) => !view.state.held.has(warning.id));
      warned.update(standing);
      setText(warnedSection.count, standing.length > 0 ? String(standing.length) : '');
      setAttribute(warnedSection.element, 'data-alarm', standing.some((warning) => !warning.drill) ? 'true' : standing.length > 0 ? 'drill' : null);
      noneWarned.hidden = standing.length > 0;
      allClear.hidden = !view.mayAct || standing.length === 0;
      acknowledgeAll.hidden = !view.mayAct || standing.filter((warning) => warning.acknowledgedBy === null).length < 2;
      const flying = roundsOf(view.state, view.site, view.nowMs);
      rounds.update(flying.slice(0, RoundLines));
      setText(roundsSection.count, flying.length > 0 ? String(flying.length) : '');
      table.hidden = flying.length === 0;
      noRounds.hidden = flying.length > 0;
      more.hidden = flying.length <= RoundLines;
      setText(more, `and ${flying.length - RoundLines} more, later or without a prediction.`);
      const over = endedWarnings(view.state);
      ended.update(over.slice(0, EndedLines));
      endedSection.element.hidden = over.length === 0;
      setText(endedSection.count, String(over.length));
    },
  };
}

function warningPart(warning: Warning, context: Context, holder: { view: View | null }): Part<Warning> {
  const time = h('span', { class: 'countdown' });
  const name = h('strong');
  const mark = h('span', { class: 'tag tag-drill', text: 'DRILL' });
  const advice = h('span', { class: 'advice' });
  const detail = h('span', { class: 'detail' });
  const path = `/api/warnings/${encodeURIComponent(warning.id)}`;
  const acknowledge = h('button', { type: 'button', class: 'button', text: 'Acknowledge', on: { click: () => void context.act('POST', `${path}/acknowledge`) } });
  const withdraw = twicePressed('Withdraw', 'Withdraw: sure?', () => void context.act('POST', `${path}/retract`), warning.id);
  const clear = twicePressed('All-clear', 'All-clear: sure?', () => void context.act('POST', '/api/all-clear', { zone: warning.zone }), warning.zone);
  // What ends a warning stands one press away, so that nobody ends one in passing.
  const graver = h('span', { class: 'buttons graver' }, withdraw, clear);
  graver.hidden = true;
  const more = h('button', { type: 'button', class: 'button quiet', text: '⋯', 'aria-expanded': 'false', 'aria-label': `Withdraw or all-clear ${warning.zone}`, title: 'Withdraw, all-clear', on: { click: () => {
    graver.hidden = !graver.hidden;
    setAttribute(more, 'aria-expanded', String(!graver.hidden));
  } } });
  const buttons = h('span', { class: 'buttons' }, acknowledge, more);
  const element = h('li', { class: 'card' }, time, h('span', { class: 'grow' }, h('span', { class: 'card-head' }, name, mark, advice), detail), buttons, graver);
  return {
    element,
    update(item) {
      const view = holder.view;
      if (!view) return;
      setText(time, zoneCountdown((item.impactMs - view.nowMs) / 1000));
      setText(name, zoneName(view.site, item.zone));
      setText(advice, adviceText(item.advice));
      mark.hidden = !item.drill;
      setAttribute(element, 'data-drill', item.drill ? 'true' : null);
      const sent = item.deliveries.filter((delivery) => delivery.failure === null).length, failed = item.deliveries.length - sent;
      const parts = [item.id, percent(item.probability), item.tracks.length === 1 ? (item.tracks[0] ?? '') : `${item.tracks.length} rounds`];
      if (item.deliveries.length > 0) parts.push(`sent ${sent}${failed > 0 ? `, failed ${failed}` : ''}`);
      if (item.acknowledgedBy !== null) parts.unshift(`✓ ${item.acknowledgedBy}`);
      setText(detail, parts.join(' · '));
      setAttribute(detail, 'title', item.deliveries.map((delivery) => `${delivery.channel}: ${delivery.failure ?? `${Math.round((delivery.delayS ?? 0) * 1000)} ms`}`).join('\n'));
      acknowledge.hidden = item.acknowledgedBy !== null;
      buttons.hidden = !view.mayAct;
      if (!view.mayAct) graver.hidden = true;
    },
  };
}

function roundPart(round: Round, context: Context, holder: { view: View | null }): Part<Round> {
  const time = h('td', { class: 'number' });
  const id = h('button', { type: 'button', class: 'link', text: round.track.id, title: 'Show it on the map', on: { click: () => context.select(holder.view?.selected === round.track.id ? null : round.track.id) } });
  const kind = h('td');
  const zone = h('td');
  const where = h('td', { class: 'number' });
  const element = h('tr', {}, time, h('td', {}, id), kind, zone, where);
  return {
    element,
    update(item) {
      const view = holder.view;
      const sigma = item.impact && item.impact.timeSigmaS >= 0.5 ? ` ± ${Math.round(item.impact.timeSigmaS)}` : '';
      setText(time, item.toImpactS === null ? '–' : `${countdown(item.toImpactS)}${item.toImpactS >= 1 ? sigma : ''}`);
      setText(kind, `${item.track.drill ? 'DRILL ' : ''}${kindText(item.track.kind)} ${percent(item.certainty)}`);
      setText(zone, item.impact ? (item.zone?.name ?? 'no zone') : 'not predicted');
      setText(where, item.impact ? ellipseText(item.impact.semiMajorM, item.impact.semiMinorM) : '–');
      setAttribute(element, 'data-warned', item.warned ? 'true' : null);
      setAttribute(element, 'data-drill', item.track.drill ? 'true' : null);
      setAttribute(element, 'aria-selected', view?.selected === item.track.id ? 'true' : null);
      setAttribute(id, 'aria-pressed', view?.selected === item.track.id ? 'true' : 'false');
    },
  };
}

function endedPart(holder: { view: View | null }): Part<Warning> {
  const words = h('span', { class: 'grow' });
  const time = h('span', { class: 'number' });
  const element = h('li', {}, words, time);
  return {
    element,
    update(item) {
      if (!holder.view) return;
      const how = item.cleared?.reason === 'retracted' ? 'withdrawn' : 'over';
      setText(words, `${item.drill ? 'DRILL ' : ''}${zoneName(holder.view.site, item.zone)} – ${how}`);
      setText(time, clockText(item.cleared?.atMs ?? NaN));
    },
  };
}
