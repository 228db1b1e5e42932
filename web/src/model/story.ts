// Events for tests and for nothing else: a small raid, and a seeded shuffle.
import type { AnyEvent } from './events';

const Epoch = Date.UTC(2020, 11, 20, 17, 30);

/** The instant so many seconds after the story begins. */
export function at(seconds: number): string {
  return new Date(Epoch + Math.round(seconds * 1000)).toISOString();
}

export function confirmed(track: string, s: number, type: 'track.confirmed' | 'track.updated' = 'track.confirmed'): AnyEvent {
  return { type, time: at(s), track, validTime: at(s), position: [44 + s / 1000, 33, 500], velocity: [100, 0, -50], kind: 'rocket', kinds: { rocket: 0.9, mortar: 0.1 } } as AnyEvent;
}

export function impact(track: string, s: number, impactS: number): AnyEvent {
  return {
    type: 'impact.predicted', time: at(s), track, validTime: at(s), impactTime: at(impactS), timeSigmaS: 1, position: [44.4, 33.3],
    ellipse95: { semiMajorM: 200, semiMinorM: 90, orientationDeg: 130 },
  } as AnyEvent;
}

export function raised(warning: string, zone: string, s: number, impactS: number, type: 'warning.raised' | 'warning.updated' = 'warning.raised'): AnyEvent {
  return { type, time: at(s), warning, status: 'exercise', zone, probability: 0.7, impactTime: at(impactS), leadTimeS: impactS - s, advice: 'shelter', tracks: ['T1'] } as AnyEvent;
}

/** Rounds one a second: each is confirmed, predicted, warned of, held and let go or retracted, and ends. */
export function story(rounds: number): AnyEvent[] {
  const events: AnyEvent[] = [];
  for (let i = 0; i < rounds; i++) {
    const [track, warning, zone] = [`T${i}`, `W${i}`, `Z${i % 7}`];
    events.push(confirmed(track, i));
    for (let s = i + 1; s < i + 8; s++) events.push(confirmed(track, s, 'track.updated'), impact(track, s, i + 9));
    events.push(raised(warning, zone, i + 2, i + 9), { type: 'release.held', time: at(i + 2), warning, zone, sendsAt: at(i + 4) } as AnyEvent);
    if (i % 3 === 0) events.push({ type: 'release.done', time: at(i + 3), warning, how: 'confirmed', heldS: 1 } as AnyEvent);
    events.push({ type: 'sensor.state', time: at(i + 4), sensor: 'R1', state: i % 2 ? 'ok' : 'late', blind: '' } as AnyEvent);
    events.push({ type: 'track.ended', time: at(i + 9), track, reason: i % 4 === 0 ? 'lost' : 'impact' } as AnyEvent);
    events.push({ type: 'warning.cleared', time: at(i + 10), warning, zone, reason: i % 4 === 0 ? 'retracted' : 'over' } as AnyEvent);
  }
  return events.sort((a, b) => Date.parse(a.time ?? '') - Date.parse(b.time ?? ''));
}

/** The same events in another order, the same for the same seed (mulberry32, Fisher-Yates). */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}
