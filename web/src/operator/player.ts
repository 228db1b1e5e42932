// The replay of one incident: a source like the live one, driven by play, pause, step, speed and a bar that is dragged.
import type { Connection } from '../model/clock';
import type { Source } from '../model/live';
import type { Recording } from '../model/recording';
import type { State } from '../model/state';
import { h, setAttribute, setText } from './dom';
import { clockText } from './format';
import { theme } from './theme';
import { palette } from '../map/palette';

const Speeds = [0.25, 0.5, 1, 2, 4, 8];

/** A recording as a source. `tick` moves its clock on. */
export class ReplaySource implements Source {
  private timeMs: number;
  private tickedMs = performance.now();
  playing = true;
  speed = 1;

  constructor(readonly recording: Recording) {
    this.timeMs = recording.startMs;
  }

  get state(): State {
    return this.recording.stateAt(this.recording.positionAt(this.timeMs));
  }

  nowMs(): number {
    return this.timeMs;
  }

  connection(): Connection {
    return 'live';
  }

  silentS(): number {
    return 0;
  }

  /** Moves on by our own time since the last tick, and stops at the end. */
  tick(): void {
    const steadyMs = performance.now();
    if (this.playing) this.seek(this.timeMs + (steadyMs - this.tickedMs) * this.speed);
    this.tickedMs = steadyMs;
    if (this.timeMs >= this.recording.endMs) this.playing = false;
  }

  seek(timeMs: number): void {
    this.timeMs = Math.max(this.recording.startMs, Math.min(this.recording.endMs, timeMs));
  }

  step(direction: 1 | -1): void {
    this.playing = false;
    this.timeMs = this.recording.step(this.timeMs, direction);
  }

  toggle(): void {
    if (!this.playing && this.timeMs >= this.recording.endMs) this.timeMs = this.recording.startMs;
    this.playing = !this.playing;
    this.tickedMs = performance.now();
  }
}

/** The bar under the map in a replay. */
export function playerBar(source: ReplaySource, title: string, close: () => void): { element: HTMLElement; update(): void } {
  const { recording } = source;
  const button = (text: string, name: string, act: () => void) => h('button', { type: 'button', class: 'button', title: name, 'aria-label': name, on: { click: act } }, text);
  const play = button('▮▮', 'Pause', () => source.toggle());
  const speed = h('select', { 'aria-label': 'Speed of the replay', on: { change: () => { source.speed = Number(speed.value); } } },
    ...Speeds.map((value) => h('option', { value, text: `×${value}`, ...(value === 1 ? { selected: true } : {}) })));
  const bar = h('input', { type: 'range', min: 0, max: Math.max(1, recording.endMs - recording.startMs), step: 50, value: 0, 'aria-label': 'Moment of the replay', on: { input: () => source.seek(recording.startMs + Number(bar.value)) } });
  const marks = h('canvas', { class: 'player-marks', 'aria-hidden': 'true' });
  const time = h('span', { class: 'number' });
  const next = (direction: 1 | -1) => {
    const now = source.nowMs();
    const raised = recording.marks.filter((mark) => mark.kind === 'raised').map((mark) => mark.atMs);
    const target = direction > 0 ? raised.find((atMs) => atMs > now) : raised.findLast((atMs) => atMs < now);
    if (target !== undefined) { source.playing = false; source.seek(target); }
  };
  const element = h('footer', { class: 'player', 'aria-label': 'Replay' },
    h('strong', { class: 'mark', 'data-mark': 'REPLAY', text: 'REPLAY' }), h('span', { class: 'player-title', text: title }),
    button('⏮', 'Warning before (Page up)', () => next(-1)), button('◀▮', 'One step back (left arrow)', () => source.step(-1)), play,
    button('▮▶', 'One step on (right arrow)', () => source.step(1)), button('⏭', 'Next warning (Page down)', () => next(1)), speed,
    h('div', { class: 'player-bar' }, marks, bar), time, h('button', { type: 'button', class: 'button primary', text: 'Back to live', on: { click: close } }));
  element.addEventListener('keydown', (event) => {
    if (event.target instanceof HTMLSelectElement) return;
    const onButton = event.target instanceof HTMLButtonElement;
    if (event.key === ' ' && !onButton) source.toggle();
    else if (event.key === 'ArrowRight') source.step(1);
    else if (event.key === 'ArrowLeft') source.step(-1);
    else if (event.key === 'PageDown') next(1);
    else if (event.key === 'PageUp') next(-1);
    else return;
    event.preventDefault();
  });
  let drawn = '';
  return {
    element,
    update() {
      source.tick();
      setText(play, source.playing ? '▮▮' : '▶');
      setAttribute(play, 'aria-label', source.playing ? 'Pause' : 'Play');
      const at = source.nowMs();
      if (document.activeElement !== bar || source.playing) bar.value = String(at - recording.startMs);
      setAttribute(bar, 'aria-valuetext', clockText(at));
      setText(time, `${clockText(at)} / ${clockText(recording.endMs)}`);
      const key = `${marks.clientWidth}|${theme()}`;
      if (key !== drawn && marks.clientWidth > 0) { drawn = key; drawMarks(marks, recording); }
    },
  };
}

/** Warnings as bars above the line, impacts as dots below it. */
function drawMarks(canvas: HTMLCanvasElement, recording: Recording): void {
  const scale = Math.min(2, devicePixelRatio || 1), width = canvas.clientWidth, height = canvas.clientHeight;
  canvas.width = width * scale;
  canvas.height = height * scale;
  const g = canvas.getContext('2d');
  if (!g) return;
  g.scale(scale, scale);
  const colours = palette(theme());
  // A range's thumb is about 16 pixels wide: its middle never reaches the ends of the bar.
  const x = (atMs: number) => 8 + ((atMs - recording.startMs) / Math.max(1, recording.endMs - recording.startMs)) * (width - 16);
  for (const mark of recording.marks) {
    g.fillStyle = mark.drill ? colours.drill : mark.kind === 'raised' ? colours.warned : mark.kind === 'cleared' ? colours.over : colours.ink;
    if (mark.kind === 'raised') g.fillRect(x(mark.atMs) - 1, 0, 2, 9);
    else if (mark.kind === 'cleared') g.fillRect(x(mark.atMs) - 1, 4, 2, 5);
    else { g.beginPath(); g.arc(x(mark.atMs), height - 4, 2.2, 0, 2 * Math.PI); g.fill(); }
  }
}
