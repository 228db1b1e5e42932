import { expect, test } from 'vitest';
import { connectionAfter, siteNow } from './clock';
import type { AnyEvent } from './events';
import { reduceAll } from './reduce';
import { siteOf, zoneAt } from './site';
import { nothingHeard } from './state';
import { at, confirmed, impact, raised } from './story';
import { endedWarnings, roundsOf, standingWarnings, troubles, zoneViews } from './views';

const square = (w: number, s: number, e: number, n: number) => [[w, s], [e, s], [e, n], [w, n], [w, s]];
const site = siteOf({
  type: 'FeatureCollection', tocsin: { name: 'Here' },
  features: [
    { type: 'Feature', geometry: { type: 'Polygon', coordinates: [square(44.3, 33.2, 44.5, 33.4), square(44.45, 33.35, 44.47, 33.37)] }, properties: { kind: 'zone', id: 'A', name: 'Alpha' } },
    { type: 'Feature', geometry: { type: 'MultiPolygon', coordinates: [[square(10, 10, 11, 11)], [square(20, 20, 24, 24)]] }, properties: { kind: 'zone', id: 'B' } },
    { type: 'Feature', geometry: { type: 'Point', coordinates: [44, 33, 5] }, properties: { kind: 'sensor', id: 'R1', maxRangeM: 14000, minElevationDeg: 1 } },
    { type: 'Feature', geometry: { type: 'Point', coordinates: [1, 2] }, properties: { kind: 'volcano' } },
  ],
});

test('a site is read: holes are outside, a label stands in the largest part, unknown kinds are passed over', () => {
  expect(zoneAt(site, 44.4, 33.3)?.id).toBe('A');
  expect(zoneAt(site, 44.46, 33.36)).toBeNull();
  expect(zoneAt(site, 10.5, 10.5)?.id).toBe('B');
  expect(zoneAt(site, 22, 22)?.id).toBe('B');
  expect(zoneAt(site, 15, 15)).toBeNull();
  const [x, y] = site.zoneById.get('B')?.label ?? [0, 0];
  expect([x, y].map((part) => Math.round(part * 1e9) / 1e9)).toEqual([22, 22]);
  expect([site.name, site.sensors.length, site.bounds]).toEqual(['Here', 1, [10, 10, 44.5, 33.4]]);
});

test('rounds stand by their time to impact, then those without a prediction, with the zone under the point', () => {
  const state = reduceAll(nothingHeard, [confirmed('T3', 0), confirmed('T1', 1), confirmed('T2', 2), impact('T1', 2, 30), impact('T2', 2, 12), raised('W1', 'A', 2, 30)]);
  const rounds = roundsOf(state, site, Date.parse(at(4)));
  expect(rounds.map((round) => [round.track.id, round.toImpactS, round.zone?.id ?? null, round.warned])).toEqual(
    [['T2', 8, 'A', false], ['T1', 26, 'A', true], ['T3', null, null, false]]);
});

test('a zone shows the gravest warning: real before drill, standing before ended, and clears after ten minutes', () => {
  const drill = { ...raised('D1.W1', 'A', 0, 9), drill: true } as AnyEvent;
  const nowMs = Date.parse(at(5));
  expect(zoneViews(reduceAll(nothingHeard, [drill]), nowMs).get('A')).toMatchObject({ state: 'warned', warning: { id: 'D1.W1' } });
  const both = reduceAll(nothingHeard, [raised('W1', 'A', 0, 9), drill]);
  expect(zoneViews(both, nowMs).get('A')).toMatchObject({ state: 'warned', warning: { id: 'W1' } });
  const over = reduceAll(both, [{ type: 'warning.cleared', time: at(9), warning: 'W1', zone: 'A', reason: 'over' } as AnyEvent]);
  expect(zoneViews(over, nowMs).get('A')).toMatchObject({ state: 'warned', warning: { id: 'D1.W1' } });
  const all = reduceAll(over, [{ type: 'warning.cleared', time: at(10), warning: 'D1.W1', zone: 'A', reason: 'over' } as AnyEvent]);
  expect(zoneViews(all, nowMs).get('A')?.state).toBe('over');
  expect(zoneViews(all, Date.parse(at(611))).get('A')).toBeUndefined();
  expect([standingWarnings(over, nowMs).length, endedWarnings(over).length, standingWarnings(all, nowMs).length]).toEqual([1, 1, 0]);
  const held = reduceAll(nothingHeard, [raised('W1', 'A', 0, 9), { type: 'release.held', time: at(0), warning: 'W1', zone: 'A', sendsAt: at(4) } as AnyEvent]);
  expect(zoneViews(held, nowMs).get('A')?.state).toBe('held');
});

test('a warning whose impact is past stands behind those whose impact is ahead', () => {
  const state = reduceAll(nothingHeard, [raised('W1', 'A', 0, 9), raised('W2', 'B', 0, 30), raised('W3', 'C', 0, 20), raised('W4', 'D', 0, 19)]);
  expect(standingWarnings(state, Date.parse(at(21))).map((warning) => warning.id)).toEqual(['W4', 'W3', 'W2', 'W1']);
});

test('what is not well is counted; what is off or waits is no trouble', () => {
  const state = reduceAll(nothingHeard, [
    { type: 'sensor.state', time: at(0), sensor: 'R1', state: 'silent', blind: 'x' }, { type: 'sensor.state', time: at(0), sensor: 'R2', state: 'ok' },
    { type: 'feed.state', time: at(0), feed: 'f', state: 'waiting' }, { type: 'channel.state', time: at(0), channel: 'c', state: 'failing' },
    { type: 'channel.state', time: at(0), channel: 'd', state: 'off' },
  ] as AnyEvent[]);
  expect(troubles(state)).toBe(2);
});

test('the site clock runs at its speed, and silence is named', () => {
  expect(siteNow({ siteMs: 1000, heardMs: 50, speed: 4 }, 150)).toBe(1400);
  expect([null, 0, 3, 3.1, 10, 10.1].map(connectionAfter)).toEqual(['connecting', 'live', 'live', 'lost', 'lost', 'old']);
});
