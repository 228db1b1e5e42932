import { expect, test } from 'vitest';
import { reduceAll } from './reduce';
import { Recording } from './recording';
import { nothingHeard, type State } from './state';
import { at, shuffled, story } from './story';

const events = story(150);
const recording = () => new Recording(events);

test('scrubbing to any position, in any order, shows what playing to it from the start shows', () => {
  const scrubbed = recording();
  const positions = shuffled(Array.from({ length: 20 }, (_, i) => Math.floor((i * events.length) / 19)), 5);
  for (const position of positions) {
    expect(print(scrubbed.stateAt(position))).toBe(print(reduceAll(nothingHeard, events.slice(0, position))));
  }
});

test('a position holds all events up to its moment and none after', () => {
  const one = recording();
  for (const seconds of [-5, 0, 0.5, 33, 33.2, 10_000]) {
    const timeMs = Date.parse(at(seconds));
    const position = one.positionAt(timeMs);
    expect(position).toBe(events.filter((event) => Date.parse(event.time ?? '') <= timeMs).length);
  }
});

test('steps go from one moment to the next and back, and stop at the ends', () => {
  const one = recording();
  let timeMs = one.startMs;
  const forward = [timeMs];
  for (let i = 0; i < 12; i++) forward.push((timeMs = one.step(timeMs, 1)));
  const back = [timeMs];
  for (let i = 0; i < 12; i++) back.push((timeMs = one.step(timeMs, -1)));
  expect(back.reverse()).toEqual(forward);
  expect(one.step(one.startMs, -1)).toBe(one.startMs);
  expect(one.step(one.endMs, 1)).toBe(one.endMs);
});

test('lines that are no events are counted, plots are left out, and the marks name zones', () => {
  const text = ['{"type":"plot","time":"x"}', 'rubbish', '7', '', ...events.map((event) => JSON.stringify(event))].join('\n');
  const parsed = Recording.parse(text);
  expect([parsed.length, parsed.badLines]).toEqual([events.length, 2]);
  expect(parsed.marks.filter((mark) => mark.kind === 'raised').length).toBe(150);
  expect(parsed.marks[0]?.text).toBe('Z0 warned');
});

test('an empty recording has a state, an empty one', () => {
  const empty = Recording.parse('');
  expect(empty.stateAt(5)).toBe(nothingHeard);
  expect([empty.startMs, empty.endMs, empty.step(3, 1)]).toEqual([0, 0, 3]);
});

function print(state: State): string {
  return JSON.stringify(state, (_, value: unknown) => (value instanceof Map || value instanceof Set ? [...value].sort() : value));
}
