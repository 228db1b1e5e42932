// A past incident's events, ready to be played: states by time, quickly in both directions.
import { instantOf, type AnyEvent, type RecordingOpened } from './events';
import { reduceAll } from './reduce';
import { siteOf, type Site } from './site';
import { nothingHeard, type State } from './state';

/** A keyframe each so many events: going back costs at most this many events. */
const KeyframeEvery = 500;

/** A moment worth finding on the scrub bar. */
export interface Mark { readonly atMs: number; readonly kind: 'raised' | 'cleared' | 'confirmed' | 'impact'; readonly text: string; readonly drill: boolean }

/** Events in the order in which they were recorded. Positions count events: state 0 has none, state `length` all. */
export class Recording {
  readonly events: readonly AnyEvent[];
  readonly times: readonly number[];
  readonly marks: readonly Mark[];
  readonly site: Site | null;
  /** Lines that were no JSON object. */
  readonly badLines: number;
  private readonly keyframes: State[] = [nothingHeard];
  private cursor = 0;
  private current: State = nothingHeard;

  constructor(events: readonly AnyEvent[], badLines = 0) {
    this.events = events;
    this.badLines = badLines;
    let last = NaN;
    // A line without a readable time happened with the one before it.
    this.times = events.map((event) => {
      const atMs = instantOf(event.time);
      if (!Number.isNaN(atMs) && !(atMs < last)) last = atMs;
      return last;
    });
    const opened = events.find((event): event is RecordingOpened => event.type === 'recording.opened');
    this.site = opened?.site ? siteOf(opened.site) : null;
    this.marks = marksOf(events, this.times);
  }

  /** Reads JSON Lines; `plot` lines, which a page does not need, are left out. */
  static parse(text: string): Recording {
    const events: AnyEvent[] = [];
    let bad = 0;
    for (const line of text.split('\n')) {
      if (line.trim() === '' || line.startsWith('{"type":"plot"')) continue;
      try {
        const value: unknown = JSON.parse(line);
        if (typeof value === 'object' && value !== null && typeof (value as AnyEvent).type === 'string') events.push(value as AnyEvent);
        else bad++;
      } catch {
        bad++;
      }
    }
    return new Recording(events, bad);
  }

  get length(): number {
    return this.events.length;
  }

  get startMs(): number {
    return this.times.find((time) => !Number.isNaN(time)) ?? 0;
  }

  get endMs(): number {
    return this.times.at(-1) ?? 0;
  }

  /** The position after every event up to a moment: a binary search, as times never decrease. */
  positionAt(timeMs: number): number {
    let low = 0, high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const time = this.times[middle] ?? NaN;
      if (Number.isNaN(time) || time <= timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The state after the first `position` events. Going on continues; going back starts at the keyframe before. */
  stateAt(position: number): State {
    const target = Math.max(0, Math.min(this.length, position));
    const keyframe = Math.min(Math.floor(target / KeyframeEvery), this.keyframes.length - 1);
    if (target < this.cursor || keyframe * KeyframeEvery > this.cursor) {
      this.cursor = keyframe * KeyframeEvery;
      this.current = this.keyframes[keyframe] ?? nothingHeard;
    }
    while (this.cursor < target) {
      const next = Math.min(target, (Math.floor(this.cursor / KeyframeEvery) + 1) * KeyframeEvery);
      this.current = reduceAll(this.current, this.events.slice(this.cursor, next));
      this.cursor = next;
      if (next % KeyframeEvery === 0) this.keyframes[next / KeyframeEvery] ??= this.current;
    }
    return this.current;
  }

  /** The moment of the next event that changes time, after or before a moment; the moment itself at an end. */
  step(timeMs: number, direction: 1 | -1): number {
    const position = this.positionAt(timeMs);
    if (direction > 0) return this.times[position] ?? timeMs;
    for (let i = position - 1; i >= 0; i--) if ((this.times[i] ?? Infinity) < timeMs) return this.times[i] ?? timeMs;
    return this.startMs;
  }
}

function marksOf(events: readonly AnyEvent[], times: readonly number[]): Mark[] {
  const marks: Mark[] = [];
  events.forEach((event, index) => {
    const atMs = times[index] ?? NaN;
    const drill = 'drill' in event && event.drill === true;
    if (event.type === 'warning.raised' && 'zone' in event) marks.push({ atMs, kind: 'raised', text: `${event.zone} warned`, drill });
    else if (event.type === 'warning.cleared' && 'zone' in event) marks.push({ atMs, kind: 'cleared', text: `${event.zone} cleared`, drill });
    else if (event.type === 'track.ended' && 'reason' in event && event.reason === 'impact' && 'track' in event) marks.push({ atMs, kind: 'impact', text: `${event.track} fell`, drill });
  });
  return marks;
}
