import { describe, expect, test } from 'vitest';
import { Announcer, SPOKEN_SECONDS, type Cue } from './announce';
import { pick, Text } from './language';
import { view } from './samples';
import type { View } from './view';

const text = new Text(pick(['en']));
const tell = (announcer: Announcer, change: Partial<View>): Cue => announcer.next(view(change), text, 'Annex');
const warned = (secondsLeft: number, change: Partial<View> = {}): Partial<View> => ({ kind: 'warned', advice: 'shelter', secondsLeft, ...change });

describe('a raise', () => {
  test('is said at once, the advice first, with the seconds', () => {
    const announcer = new Announcer();
    tell(announcer, {});
    const cue = tell(announcer, warned(22));
    expect(cue.assertive).toBe('Into the shelter. A rocket or shell may hit this zone. Annex. 22 seconds to impact.');
    expect(cue).toMatchObject({ polite: null, sound: 'warn' });
  });

  test.each([['exercise', 'This is an exercise'], ['test', 'This is a test'], ['drill', 'This is a drill']] as const)(
    'of a %s begins with that', (mark, words) => {
      expect(tell(new Announcer(), warned(22, { marks: [mark] })).assertive).toMatch(new RegExp('^' + words));
    });

  test('is said again when its advice changes, when another impact is to come, and when a drill turns real', () => {
    const announcer = new Announcer();
    tell(announcer, warned(22, { marks: ['drill'] }));
    expect(tell(announcer, warned(21, { advice: 'drop', marks: ['drill'] })).assertive).toContain('Drop to the ground');
    const real = tell(announcer, warned(20, { advice: 'drop' }));
    expect(real.assertive).toMatch(/^This is real\. It is not a drill\./);
    expect(real.sound).toBe('warn');
    tell(announcer, { kind: 'cover', advice: 'drop' });
    expect(tell(announcer, warned(12, { advice: 'drop' })).assertive).toContain('12 seconds');
  });

  test('is said when the page is opened, or finds its contact again, in the midst of it', () => {
    expect(tell(new Announcer(), { kind: 'cover', advice: 'drop' }).assertive).toContain('Stay in cover');
    const announcer = new Announcer();
    tell(announcer, { kind: 'unprotected', lostWhileWarned: true });
    expect(tell(announcer, warned(8)).sound).toBe('warn');
  });
});

describe('the countdown', () => {
  const spoken = (from: number, to = 1): string[] => {
    const announcer = new Announcer();
    tell(announcer, {});
    const said: string[] = [];
    for (let s = from; s >= to; s--) {
      // The page paints five times a second.
      for (let i = 0; i < 5; i++) {
        const cue = tell(announcer, warned(s));
        if (cue.polite !== null) said.push(cue.polite);
        if (s < from) expect(cue.assertive).toBeNull();
      }
    }
    return said;
  };

  test('is spoken at a few figures only', () => {
    expect(spoken(75)).toEqual(SPOKEN_SECONDS.map((s) => `${s} seconds to impact.`));
  });

  test('does not repeat a figure that the raise has just said', () => {
    expect(spoken(31)).toEqual(['15 seconds to impact.', '10 seconds to impact.', '5 seconds to impact.']);
    expect(spoken(33)[0]).toBe('30 seconds to impact.');
  });

  test('that jumps over a figure says where it is, once', () => {
    const announcer = new Announcer();
    tell(announcer, warned(40));
    expect(tell(announcer, warned(12)).polite).toBe('12 seconds to impact.');
    expect(tell(announcer, warned(11)).polite).toBeNull();
    expect(tell(announcer, warned(10)).polite).toBeNull();
  });

  test('carries the mark', () => {
    const announcer = new Announcer();
    tell(announcer, warned(20, { marks: ['exercise'] }));
    expect(tell(announcer, warned(15, { marks: ['exercise'] })).polite).toMatch(/^This is an exercise/);
  });
});

describe('everything else', () => {
  test('waits for a pause in the speech, and only changes are said', () => {
    const announcer = new Announcer();
    expect(tell(announcer, { kind: 'connecting' })).toEqual({ assertive: null, polite: null, sound: null });
    expect(tell(announcer, {}).polite).toMatch(/^No warning here now\./);
    expect(tell(announcer, { ageS: 4 })).toEqual({ assertive: null, polite: null, sound: null });
    expect(tell(announcer, { kind: 'unprotected', ageS: 10 })).toMatchObject({ assertive: null, sound: 'lost' });
    expect(tell(announcer, { kind: 'unprotected', ageS: 11 })).toEqual({ assertive: null, polite: null, sound: null });
    expect(tell(announcer, {})).toMatchObject({ polite: expect.stringMatching(/^Connected again\./) as string, sound: null });
  });

  test('the end of a warning is sounded, whether over, withdrawn, or found over after a lost contact', () => {
    for (const kind of ['over', 'retracted', 'clear'] as const) {
      const announcer = new Announcer();
      tell(announcer, warned(9));
      tell(announcer, { kind: 'cover', advice: 'shelter' });
      expect(tell(announcer, { kind })).toMatchObject({ assertive: null, sound: 'over' });
    }
    const announcer = new Announcer();
    tell(announcer, { kind: 'unprotected', lostWhileWarned: true });
    expect(tell(announcer, { kind: 'over' }).sound).toBe('over');
    expect(tell(new Announcer(), { kind: 'over' }).sound).toBeNull();
  });

  test('the fall of the time is said politely: people are in cover already', () => {
    const announcer = new Announcer();
    tell(announcer, warned(1));
    expect(tell(announcer, { kind: 'cover', advice: 'shelter' })).toMatchObject({ assertive: null, polite: expect.stringContaining('Stay in cover') as string });
  });
});
