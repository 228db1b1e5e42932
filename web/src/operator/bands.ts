// The bands under the head: what must not be overlooked, whatever panel is open. A band that has nothing to say takes no room.
import type { Notice } from '../model/state';
import type { Context, Panel, View } from './context';
import { zoneName } from './context';
import { twicePressed } from './controls';
import { h, KeyedList, setAttribute, setText, type Part } from './dom';
import { countdown, statusMark } from './format';

/** The most held warnings that have a line each. */
const HeldLines = 3;

export function bands(context: Context): Panel & { realWarning(text: string | null): void } {
  const mark = h('div', { class: 'band band-mark' });
  const real = h('div', { class: 'band band-danger', role: 'alert' });
  const lost = h('div', { class: 'band band-danger', role: 'alert' });
  const drill = h('div', { class: 'band band-drill', role: 'status' });
  const held = heldBand(context);
  const sight = h('div', { class: 'band band-sight', role: 'status' });
  const noticeList = new KeyedList<Notice>(h('div', { role: 'status' }), (notice) => notice.id, noticePart);
  const element = h('div', { class: 'bands' }, mark, real, lost, drill, held.element, sight, noticeList.element);
  real.hidden = true;
  return {
    element,
    realWarning(text) {
      real.hidden = text === null;
      if (text === null) real.replaceChildren();
      else if (real.dataset['text'] !== text) real.replaceChildren(h('strong', { text }), ' ', h('button', { type: 'button', class: 'button', text: 'Back to live', on: { click: () => context.live() } }));
      real.dataset['text'] = text ?? '';
    },
    update(view) {
      const status = view.replay ? null : statusMark(view.state.status ?? context.answer.status);
      mark.hidden = status === null && !view.replay;
      setAttribute(mark, 'data-mark', view.replay ? 'REPLAY' : status);
      setText(mark, view.replay ? 'REPLAY – this is the past. A replay has no channels: nothing is sent, nobody is warned.'
        : status === 'EXERCISE' ? 'EXERCISE – nothing here is real. Every output is marked as an exercise.'
        : status === 'TEST' ? 'TEST – nothing here is real. Every output is marked as a test.' : '');

      const away = !view.replay && (view.connection === 'lost' || view.connection === 'old');
      lost.hidden = !away;
      if (away) {
        const age = Math.floor(view.silentS);
        setText(lost, view.connection === 'old' ? `What you see is old: nothing was heard for ${age} s. Warnings may stand that this page does not show.` : `Connection lost: the state shown is ${age} s old.`);
      }

      const running = view.state.drill?.state === 'running' ? view.state.drill : null;
      const preempted = view.state.drill?.state === 'preempted';
      drill.hidden = running === null && !preempted;
      setText(drill, running ? `DRILL RUNNING: ${running.title}${Number.isFinite(running.untilMs) ? `, ${countdown((running.untilMs - view.nowMs) / 1000)} left` : ''}. What is violet or says DRILL is not real.`
        : preempted ? 'The drill was ended by a real warning. What you see now is real.' : '');

      held.update(view);
      showSight(sight, view);
      noticeList.update([...view.state.notices.values()]);
    },
  };
}

/** The sentence that says what cannot be seen. In a replay, which has no such sentence, the sensors' own words serve. */
function showSight(element: HTMLElement, view: View): void {
  const blind = [...view.state.sensors.values()].filter((sensor) => sensor.state !== 'ok').map((sensor) => sensor.blind || `${sensor.id} is ${sensor.state}.`);
  const sentence = view.state.sight || blind.join(' ');
  // A page that hears nothing knows nothing: it must not go on saying that all is seen.
  const unheard = !view.replay && view.connection !== 'live';
  element.hidden = view.connection === 'connecting' || (view.replay && sentence === '');
  setAttribute(element, 'data-grade', sentence === '' && !unheard ? 'good' : 'bad');
  setText(element, unheard && sentence === '' ? '⚠ What the system sees now is not known here.' : sentence === '' ? '✓ No blind spot is known: every sensor reports.' : `⚠ Not seen now: ${sentence}`);
}

function noticePart(notice: Notice): Part<Notice> {
  const element = h('div', { class: 'band band-notice', 'data-severity': notice.severity });
  return {
    element,
    update(item) {
      setAttribute(element, 'data-severity', item.severity);
      setText(element, `${item.severity === 'danger' ? '⚠ ' : item.severity === 'caution' ? '! ' : 'ⓘ '}${item.text}`);
    },
  };
}

/** Warnings that wait for the operator: each with the time after which it goes by itself. */
function heldBand(context: Context): Panel {
  const sendAll = h('button', { type: 'button', class: 'button primary', text: 'Send all now' });
  const title = h('strong');
  const list = new KeyedList<string>(h('ul', { class: 'held-list' }), (id) => id, (id) => heldPart(id, context, () => view));
  const element = h('div', { class: 'band band-held', role: 'alert' }, h('div', { class: 'held-head' }, title, sendAll), list.element);
  let view: View | null = null;
  sendAll.addEventListener('click', () => { for (const id of view?.state.held.keys() ?? []) void context.act('POST', `/api/warnings/${encodeURIComponent(id)}/confirm`); });
  return {
    element,
    update(next) {
      view = next;
      const held = [...next.state.held.values()].sort((a, b) => a.sendsAtMs - b.sendsAtMs);
      element.hidden = held.length === 0;
      setText(title, held.length === 1 ? 'A warning waits for you.' : `${held.length} warnings wait for you. What you do not confirm is sent by itself when its time is over.`);
      sendAll.hidden = held.length < 2 || !next.mayAct;
      list.update(held.slice(0, HeldLines).map((item) => item.warning));
    },
  };
}

function heldPart(id: string, context: Context, view: () => View | null): Part<string> {
  const words = h('span', { class: 'grow' });
  const send = h('button', { type: 'button', class: 'button primary', text: 'Send now', on: { click: () => void context.act('POST', `/api/warnings/${encodeURIComponent(id)}/confirm`) } });
  const withdraw = twicePressed('Withdraw', 'Withdraw: sure?', () => void context.act('POST', `/api/warnings/${encodeURIComponent(id)}/retract`), id);
  const element = h('li', {}, words, send, withdraw);
  return {
    element,
    update() {
      const now = view();
      const held = now?.state.held.get(id);
      if (!now || !held) return;
      const warning = now.state.warnings.get(id);
      const sends = countdown((held.sendsAtMs - now.nowMs) / 1000);
      setText(words, `${zoneName(now.site, held.zone)} (${id})${warning ? `: impact in ${countdown((warning.impactMs - now.nowMs) / 1000)}` : ''}. Sent by itself ${sends === 'now' ? sends : `in ${sends}`}.`);
      send.hidden = withdraw.hidden = !now.mayAct;
    },
  };
}
