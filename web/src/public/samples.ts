// Samples for the tests of this folder.
import type { PublicZone } from './protocol';
import type { View } from './view';

export const T = Date.parse('2020-12-20T17:00:00.000Z');

export function zone(change: Partial<PublicZone> = {}): PublicZone {
  return {
    zone: 'C05', name: 'Annex', site: 'Green Zone', state: 'clear', status: 'actual', drill: false, advice: null,
    impactTime: null, since: null, retracted: false, time: T, speed: 1, ...change,
  };
}

export function view(change: Partial<View> = {}): View {
  return { kind: 'clear', marks: [], advice: null, secondsLeft: null, sinceS: null, ageS: null, lostWhileWarned: false, ...change };
}
