import { describe, expect, test } from 'vitest';
import type { AnyEvent } from './events';
import { fromSnapshot, reduce, reduceAll } from './reduce';
import { nothingHeard, Remembered, type State } from './state';
import { at, confirmed, impact, raised, shuffled, story } from './story';

describe('tracks', () => {
  test('a track is confirmed, moves, leaves a trail and ends', () => {
    let state = reduceAll(nothingHeard, [confirmed('T1', 0), confirmed('T1', 1, 'track.updated'), confirmed('T1', 2, 'track.updated')]);
    expect(state.tracks.get('T1')?.trail.map((point) => point[2])).toEqual([0, 1, 2].map((s) => Date.parse(at(s))));
    expect(state.confirmedTracks).toBe(1);
    state = reduce(state, { type: 'track.ended', time: at(3), track: 'T1', reason: 'impact' });
    expect(state.tracks.get('T1')?.ended?.reason).toBe('impact');
    state = reduce(state, { type: 'clock', time: at(3 + Remembered.endedTrackMs / 1000 + 1), speed: 1 } as AnyEvent);
    expect(state.tracks.size).toBe(0);
  });

  test('an update of a track that was never confirmed here shows it: a late listener must not miss a round', () => {
    expect(reduce(nothingHeard, confirmed('T7', 5, 'track.updated')).tracks.get('T7')?.trail.length).toBe(1);
  });

  test('nothing late brings an ended track back, not even after it was forgotten', () => {
    let state = reduceAll(nothingHeard, [confirmed('T1', 0), { type: 'track.ended', time: at(1), track: 'T1', reason: 'lost' }]);
    state = reduceAll(state, [{ type: 'clock', time: at(100), speed: 1 }, confirmed('T1', 100, 'track.updated'), impact('T1', 100, 110)] as AnyEvent[]);
    expect([state.tracks.size, state.impacts.size]).toEqual([0, 0]);
  });

  test('an estimate older than the one shown changes nothing, and a trail has a limit', () => {
    let state = reduceAll(nothingHeard, Array.from({ length: 300 }, (_, i) => confirmed('T1', i)));
    expect(state.tracks.get('T1')?.trail.length).toBe(Remembered.trailPoints);
    const before = state.tracks.get('T1');
    state = reduce(state, confirmed('T1', 10, 'track.updated'));
    expect(state.tracks.get('T1')).toBe(before);
  });

  test('a round that fell keeps its predicted impact for a while; a lost one predicts nothing', () => {
    for (const [reason, left] of [['impact', 1], ['lost', 0], ['left', 0]] as const) {
      const state = reduceAll(nothingHeard, [confirmed('T1', 0), impact('T1', 0, 9), { type: 'track.ended', time: at(9), track: 'T1', reason } as AnyEvent]);
      expect(state.impacts.size).toBe(left);
    }
  });
});

describe('warnings', () => {
  test('raised, acknowledged, proved and cleared', () => {
    let state = reduceAll(nothingHeard, [
      raised('W1', 'C05', 0, 12),
      { type: 'channel.sent', time: at(0.2), channel: 'siren', warning: 'W1', delayS: 0.2 },
      { type: 'channel.failed', time: at(0.4), channel: 'hook', warning: 'W1', reason: 'refused' },
      { type: 'operator.acted', time: at(2), who: 'ada', act: 'acknowledge', warning: 'W1' },
      raised('W1', 'C05', 3, 11, 'warning.updated'),
    ] as AnyEvent[]);
    const warning = state.warnings.get('W1');
    expect(warning?.raisedMs).toBe(Date.parse(at(0)));
    expect(warning?.impactMs).toBe(Date.parse(at(11)));
    expect(warning?.acknowledgedBy).toBe('ada');
    expect(warning?.deliveries.map((delivery) => [delivery.channel, delivery.delayS, delivery.failure])).toEqual([['siren', 0.2, null], ['hook', null, 'refused']]);
    expect(state.raisedWarnings).toBe(1);
    state = reduce(state, { type: 'warning.cleared', time: at(20), warning: 'W1', zone: 'C05', reason: 'over' } as AnyEvent);
    expect(state.warnings.get('W1')?.cleared?.reason).toBe('over');
    state = reduce(state, raised('W1', 'C05', 21, 30, 'warning.updated'));
    expect(state.warnings.get('W1')?.cleared?.reason).toBe('over');
    state = reduce(state, { type: 'clock', time: at(20 + 601), speed: 1 } as AnyEvent);
    expect(state.warnings.size).toBe(0);
  });

  test('a held warning waits, is let go once, and a cleared one waits no more', () => {
    const held = { type: 'release.held', time: at(0), warning: 'W1', zone: 'C05', sendsAt: at(5) } as AnyEvent;
    let state = reduceAll(nothingHeard, [{ ...raised('W1', 'C05', 0, 12), released: false } as AnyEvent, held]);
    expect([state.held.size, state.warnings.get('W1')?.released]).toEqual([1, false]);
    const done = reduce(state, { type: 'release.done', time: at(3), warning: 'W1', how: 'confirmed', heldS: 3 } as AnyEvent);
    expect([done.held.size, done.warnings.get('W1')?.released, done.lastRelease?.heldS]).toEqual([0, true, 3]);
    // One that was withdrawn while it waited has never gone out.
    expect(reduce(state, { type: 'release.done', time: at(3), warning: 'W1', how: 'withdrawn', heldS: 3 } as AnyEvent).warnings.get('W1')?.released).toBe(false);
    state = reduceAll(state, [{ type: 'warning.cleared', time: at(2), warning: 'W1', zone: 'C05', reason: 'retracted' } as AnyEvent, held]);
    expect(state.held.size).toBe(0);
  });
});

describe('a drill', () => {
  test('its tracks go with it; its warnings stay until somebody clears them', () => {
    const state = reduceAll(nothingHeard, [
      { ...confirmed('D1.T1', 0), drill: true } as AnyEvent, { ...impact('D1.T1', 0, 9), drill: true } as AnyEvent, confirmed('T1', 0),
      { ...raised('D1.W1', 'C05', 0, 9), drill: true } as AnyEvent,
      { type: 'drill.state', time: at(1), drill: 'D1', title: 'x', state: 'preempted', until: null } as AnyEvent,
    ]);
    expect([...state.tracks.keys()]).toEqual(['T1']);
    expect(state.impacts.size).toBe(0);
    expect(state.warnings.get('D1.W1')?.cleared).toBeNull();
  });
});

describe('whatever comes', () => {
  test('unknown types, missing members and values that are no events are counted and change nothing else', () => {
    const rubbish = [
      { type: 'track.teleported', time: at(0) }, { type: 'track.updated' }, { type: 'track.updated', track: 'T1', position: ['a', 0, 0], velocity: [0, 0, 0] },
      { type: 'impact.predicted', track: 'T1', position: [0, 0], ellipse95: null }, { type: 'warning.raised' }, { type: 'sensor.state' }, { type: 'notice' },
      null, 7, 'x', {}, [],
    ] as unknown as AnyEvent[];
    const state = reduceAll(nothingHeard, rubbish);
    expect(state.passedOver).toBe(rubbish.length);
    expect({ ...state, passedOver: 0, timeMs: NaN }).toEqual({ ...nothingHeard });
  });

  test('a snapshot forgets what was before; a clock may then stand earlier', () => {
    const state = fromSnapshot([{ type: 'clock', time: at(-3600), speed: 4 } as AnyEvent]);
    expect([state.timeMs, state.speed]).toEqual([Date.parse(at(-3600)), 4]);
  });

  test('in any order no ended track flies, no cleared warning stands, and no state that was given out changes', () => {
    const events = story(24);
    for (let seed = 1; seed <= 12; seed++) {
      const order = shuffled(events, seed);
      let state: State = nothingHeard;
      const seen: [State, string][] = [];
      for (let i = 0; i < order.length; i += 13) {
        seen.push([state, print(state)]);
        state = reduceAll(state, order.slice(i, i + 13));
      }
      for (const [given, before] of seen) expect(print(given)).toBe(before);
      // Every track of the story ends and every warning is cleared, so in whatever order nothing may be left standing.
      expect([...state.tracks.values()].filter((track) => !track.ended)).toEqual([]);
      expect([...state.warnings.values()].filter((warning) => !warning.cleared)).toEqual([]);
      expect(state.held.size).toBe(0);
      for (const impact of state.impacts.values()) expect(state.tracks.get(impact.track)?.ended?.reason ?? 'gone').not.toBe('lost');
    }
  });

  test('in order, batches of any size give the same state', () => {
    const events = story(40);
    const one = reduceAll(nothingHeard, events);
    for (const size of [1, 2, 3, 17]) {
      let state = nothingHeard;
      for (let i = 0; i < events.length; i += size) state = reduceAll(state, events.slice(i, i + size));
      expect(print(state)).toBe(print(one));
    }
  });
});

function print(state: State): string {
  return JSON.stringify(state, (_, value: unknown) => (value instanceof Map ? [...value] : value instanceof Set ? [...value] : value));
}
