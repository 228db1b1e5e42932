import { expect, test } from 'vitest';
import { notes, PIPS_S, vibration, WARN_EVERY_S, type Sound } from './tones';

const sounds: Sound[] = ['warn', 'over', 'lost', 'test'];

test('no two sounds go the same way: the warning rises, the end falls in steps, the lost contact slides down', () => {
  expect(notes('warn', false).every((n) => n.toHz > n.fromHz)).toBe(true);
  const over = notes('over', false).map((n) => n.fromHz);
  expect(over).toEqual([...over].sort((a, b) => b - a));
  expect(notes('over', false).every((n) => n.toHz === n.fromHz)).toBe(true);
  expect(notes('lost', false).every((n) => n.toHz < n.fromHz)).toBe(true);
});

test('what is not real begins with pips, and then sounds like the real one', () => {
  for (const sound of ['warn', 'over', 'lost'] as const) {
    const real = notes(sound, false);
    const marked = notes(sound, true);
    expect(marked.slice(-real.length).map((n) => ({ ...n, atS: 0 }))).toEqual(real.map((n) => ({ ...n, atS: 0 })));
    expect(marked.slice(0, -real.length).every((n) => n.atS + n.lengthS < PIPS_S)).toBe(true);
    expect(marked.length).toBeGreaterThan(real.length);
  }
});

test('notes of a sound add up to no more than full scale, and end before it is repeated', () => {
  for (const sound of sounds) {
    const all = notes(sound, false);
    for (let t = 0; t < 3; t += 0.01) {
      const loud = all.filter((n) => n.atS <= t && t < n.atS + n.lengthS).reduce((sum, n) => sum + n.gain, 0);
      expect(loud).toBeLessThanOrEqual(1);
    }
    for (const n of all) expect(n.atS + n.lengthS).toBeLessThan(WARN_EVERY_S);
  }
});

test('vibrations are told apart', () => {
  expect(new Set(sounds.map((s) => vibration(s).join())).size).toBe(sounds.length);
});
