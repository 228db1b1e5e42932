// The drill: a raid that runs beside the real Site through all channels, marked as a drill, and gives way to a real warning.
import { request, type Raid } from './api';
import type { Context, Panel } from './context';
import { emptyNote, section, twicePressed } from './controls';
import { h, setText } from './dom';
import { countdown } from './format';

export function drillPanel(context: Context): Panel & { opened(): void } {
  const state = h('p', { class: 'drill-state', role: 'status' });
  const choices = h('div', { class: 'choices', role: 'radiogroup', 'aria-label': 'Raid' });
  const seed = h('input', { id: 'drill-seed', type: 'number', min: 0, step: 1, placeholder: 'any' });
  const start = twicePressed('Start the drill', 'Start: sure? People will hear it', () => void begin());
  start.classList.add('primary');
  start.classList.remove('quiet');
  const stop = h('button', { type: 'button', class: 'button primary', text: 'Stop the drill', on: { click: () => void context.act('DELETE', '/api/drills/current') } });
  const form = h('div', { class: 'form' }, choices,
    h('div', { class: 'fields' }, h('label', { for: 'drill-seed', text: 'Seed' }), seed), start);
  const note = emptyNote('A drill goes out on every channel that this site uses, marked as a drill. A real warning ends it at once and cancels it everywhere.');
  const refused = emptyNote('Your role does not start drills.');
  let raids: Raid[] = [];

  async function begin(): Promise<void> {
    const raid = choices.querySelector<HTMLInputElement>('input:checked')?.value;
    if (raid === undefined) return context.say('Choose a raid first.', 'bad');
    await context.act('POST', '/api/drills', { raid, seed: seed.value === '' ? null : Number(seed.value) });
  }

  async function load(): Promise<void> {
    const answer = await request<{ raids: Raid[]; passedOver?: string[] }>('GET', '/api/drills');
    if (!answer.ok) return setText(note, answer.reason);
    raids = answer.value.raids;
    choices.replaceChildren(...raids.map((raid, index) => h('label', { class: 'choice' },
      h('input', { type: 'radio', name: 'raid', value: raid.id, ...(index === 0 ? { checked: true } : {}) }), h('span', {}, h('strong', { text: raid.title }), h('span', { class: 'detail', text: raid.summary })))),
      // A scenario that somebody put there and that cannot be drilled here is not passed over in silence.
      ...(answer.value.passedOver ?? []).map((reason) => emptyNote(`Not for this site: ${reason}`)));
  }

  const body = section('Drill', state, note, form, stop, refused);
  return {
    element: h('div', { class: 'panel' }, body.element),
    opened: () => void load(),
    update(view) {
      const drill = view.state.drill;
      const running = drill?.state === 'running';
      setText(state, !drill ? 'No drill runs.' : running ? `${drill.title} runs${Number.isFinite(drill.untilMs) ? `, ${countdown((drill.untilMs - view.nowMs) / 1000)} left` : ''}.`
        : drill.state === 'preempted' ? 'The last drill was ended by a real warning.' : 'The last drill has ended.');
      form.hidden = running || !view.mayAct;
      stop.hidden = !running || !view.mayAct;
      refused.hidden = view.mayAct;
      setText(refused, view.replay ? 'Go back to live to start a drill.' : 'Your role, or the connection, does not allow a drill now.');
    },
  };
}
