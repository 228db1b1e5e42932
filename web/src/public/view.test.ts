import { describe, expect, test } from 'vitest';
import { json, readBeat, readSite, readZone } from './protocol';
import { T, zone } from './samples';
import { viewOf, type Known } from './view';

const known = (change: Partial<Known> = {}): Known => ({
  zone: zone(), unknownZone: false, ageMs: 100, openMs: 60_000, siteNow: T, ...change,
});
const warned = zone({ state: 'warned', advice: 'shelter', impactTime: T + 23_400 });

describe('what is shown', () => {
  test('each state of a zone has its own view', () => {
    expect(viewOf(known()).kind).toBe('clear');
    expect(viewOf(known({ zone: warned }))).toMatchObject({ kind: 'warned', advice: 'shelter', secondsLeft: 23 });
    expect(viewOf(known({ zone: zone({ state: 'over', since: T - 90_500 }) }))).toMatchObject({ kind: 'over', sinceS: 90 });
    expect(viewOf(known({ zone: zone({ state: 'over', retracted: true }) })).kind).toBe('retracted');
    expect(viewOf(known({ unknownZone: true })).kind).toBe('unknown');
  });

  test('seconds are never more than there are, and at none left people are told to stay', () => {
    for (let ms = 30_000; ms >= -5000; ms -= 137) {
      const view = viewOf(known({ zone: zone({ ...warned, impactTime: T + ms }) }));
      if (ms >= 1000) expect(view.secondsLeft! * 1000).toBeLessThanOrEqual(ms);
      expect(view.kind).toBe(ms >= 1000 ? 'warned' : 'cover');
    }
  });

  test('a warning without a time or with an unknown advice is still a warning with an advice', () => {
    expect(viewOf(known({ zone: zone({ state: 'warned', advice: 'cover' }) }))).toMatchObject({ kind: 'warned', secondsLeft: null, advice: 'cover' });
    expect(readZone({ zone: 'A', state: 'warned', advice: 'fly', time: '2020-12-20T17:00:00Z' })?.advice).toBe('cover');
  });

  test('age is said from three seconds, and from ten nobody is protected, whatever stood before', () => {
    for (const state of [zone(), warned, zone({ state: 'over' })]) {
      expect(viewOf(known({ zone: state, ageMs: 2999 })).ageS).toBeNull();
      expect(viewOf(known({ zone: state, ageMs: 3000 }))).toMatchObject({ ageS: 3 });
      expect(viewOf(known({ zone: state, ageMs: 9999 })).kind).not.toBe('unprotected');
      expect(viewOf(known({ zone: state, ageMs: 10_000 }))).toMatchObject({ kind: 'unprotected', ageS: 10, secondsLeft: null });
    }
  });

  test('contact lost under a warning keeps saying so, with its marks', () => {
    const lost = viewOf(known({ zone: { ...warned, drill: true }, ageMs: 400_000 }));
    expect(lost).toMatchObject({ kind: 'unprotected', lostWhileWarned: true, marks: ['drill'], ageS: 400 });
    expect(viewOf(known({ ageMs: 400_000 })).lostWhileWarned).toBe(false);
  });

  test('a page that never heard anything soon says that it protects nobody', () => {
    const never = { zone: null, ageMs: Infinity, siteNow: null };
    expect(viewOf(known({ ...never, openMs: 2999 })).kind).toBe('connecting');
    expect(viewOf(known({ ...never, openMs: 3000 })).kind).toBe('unprotected');
  });

  test('every kind of operation that is not real is marked', () => {
    const marks = (status: 'actual' | 'exercise' | 'test', drill: boolean) => viewOf(known({ zone: zone({ status, drill }) })).marks;
    expect(marks('actual', false)).toEqual([]);
    expect(marks('exercise', false)).toEqual(['exercise']);
    expect(marks('test', false)).toEqual(['test']);
    expect(marks('actual', true)).toEqual(['drill']);
    expect(marks('exercise', true)).toEqual(['exercise', 'drill']);
  });
});

describe('what the server says', () => {
  const line = {
    zone: 'C05', name: 'Annex', state: 'warned', status: 'exercise', drill: false, advice: 'drop', impactTime: '2020-12-20T17:00:12.250Z',
    since: '2020-12-20T17:00:00.000Z', retracted: false, time: '2020-12-20T17:00:00.000Z', speed: 4, site: 'Green Zone',
  };

  test('is read as it stands', () => {
    expect(readZone(line)).toEqual({
      zone: 'C05', name: 'Annex', state: 'warned', status: 'exercise', drill: false, advice: 'drop', impactTime: T + 12_250,
      since: T, retracted: false, time: T, speed: 4, site: 'Green Zone',
    });
  });

  test('rubbish is nothing, never an exception', () => {
    const rubbish = [undefined, null, 3, 'x', [], {}, { ...line, state: 'maybe' }, { ...line, time: 'soon' }, { ...line, zone: 7 }];
    for (const value of rubbish) expect(readZone(value)).toBeNull();
    expect(readBeat({ time: 12 })).toBeNull();
    expect(readSite({ zones: 'many' })).toBeNull();
    expect(json('{"a":')).toBeUndefined();
  });

  test('a status that is not known is never taken for real', () => {
    expect(readZone({ ...line, status: 'rehearsal' })?.status).toBe('test');
    expect(readZone({ ...line, status: undefined })?.status).toBe('test');
  });

  test('the site lists its zones and what it signed off', () => {
    const site = readSite({
      name: 'Green Zone', status: 'actual', zones: [{ id: 'A', name: 'Alpha', state: 'clear' }, { name: 'no id' }, 'x', { id: 'B' }],
      languages: [{ tag: 'en', reviewed: true }, { tag: 'ar', reviewed: false }, null],
    });
    expect(site?.zones).toEqual([{ id: 'A', name: 'Alpha' }, { id: 'B', name: 'B' }]);
    expect(site?.reviewed).toEqual(['en']);
  });
});
