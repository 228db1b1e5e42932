// What the panels and the map read out of a state: pure functions of a state, the site and the moment.
import type { Held, Impact, State, Track, Warning } from './state';
import { Remembered } from './state';
import { zoneAt, type Site, type Zone } from './site';

/** A round as the list shows it. */
export interface Round {
  readonly track: Track;
  readonly impact: Impact | null;
  /** Seconds to the predicted impact; negative when it should have fallen; null without a prediction. */
  readonly toImpactS: number | null;
  /** The zone under the predicted point; null outside all zones or without a prediction. */
  readonly zone: Zone | null;
  /** The probability of the kind it is held to be, 0 to 1. */
  readonly certainty: number;
  /** True where a standing warning names it. */
  readonly warned: boolean;
}

/** Rounds in flight: those with a predicted impact first, by the time to it; then the other tracks by age. */
export function roundsOf(state: State, site: Site | null, nowMs: number): Round[] {
  const warned = new Set<string>();
  for (const warning of state.warnings.values()) if (!warning.cleared) for (const track of warning.tracks) warned.add(track);
  const rounds: Round[] = [];
  for (const track of state.tracks.values()) {
    if (track.ended) continue;
    const impact = state.impacts.get(track.id) ?? null;
    rounds.push({
      track, impact, toImpactS: impact ? (impact.impactMs - nowMs) / 1000 : null,
      zone: impact && site ? zoneAt(site, impact.position[0], impact.position[1]) : null,
      certainty: track.kinds[track.kind] ?? 0, warned: warned.has(track.id),
    });
  }
  const order = (round: Round) => (round.impact ? round.impact.impactMs : Number.MAX_SAFE_INTEGER);
  return rounds.sort((a, b) => order(a) - order(b) || a.track.confirmedMs - b.track.confirmedMs || (a.track.id < b.track.id ? -1 : 1));
}

/** The state of a zone as its people see it, and the warning behind it. */
export type ZoneView =
  | { readonly state: 'clear' }
  | { readonly state: 'held'; readonly warning: Warning; readonly held: Held | null }
  | { readonly state: 'warned'; readonly warning: Warning }
  | { readonly state: 'over'; readonly warning: Warning };

/** Each zone's state: a real warning goes before a drill's, one that stands before one that ended. */
export function zoneViews(state: State, nowMs: number): Map<string, ZoneView> {
  const views = new Map<string, ZoneView>();
  const rank = (view: ZoneView | undefined) =>
    !view || view.state === 'clear' ? -1 : (view.state === 'warned' ? 6 : view.state === 'held' ? 4 : 0) + (view.warning.drill ? 0 : 1);
  for (const warning of state.warnings.values()) {
    let view: ZoneView;
    if (warning.cleared) {
      if (nowMs - warning.cleared.atMs > Remembered.clearedWarningMs) continue;
      view = { state: 'over', warning };
    } else if (!warning.released || state.held.has(warning.id)) {
      view = { state: 'held', warning, held: state.held.get(warning.id) ?? null };
    } else view = { state: 'warned', warning };
    const before = views.get(warning.zone);
    const newer = before && before.state !== 'clear' && rank(before) === rank(view) && before.warning.raisedMs < warning.raisedMs;
    if (newer || rank(view) > rank(before)) views.set(warning.zone, view);
  }
  return views;
}

/** So long after a predicted impact it is still 'now'; then the zone only waits for its end. In milliseconds. */
export const StillNowMs = 3000;

/** Warnings that stand: those with an impact ahead by the time to it, then those whose impacts are past and that wait for their end. */
export function standingWarnings(state: State, nowMs: number): Warning[] {
  const past = (warning: Warning) => (nowMs - warning.impactMs > StillNowMs ? 1 : 0);
  return [...state.warnings.values()].filter((warning) => !warning.cleared)
    .sort((a, b) => past(a) - past(b) || a.impactMs - b.impactMs || (a.id < b.id ? -1 : 1));
}

/** Warnings that ended within the last ten minutes, the newest end first. */
export function endedWarnings(state: State): Warning[] {
  return [...state.warnings.values()].filter((warning) => warning.cleared).sort((a, b) => (b.cleared?.atMs ?? 0) - (a.cleared?.atMs ?? 0));
}

/** How many sensors, feeds and channels are not well. */
export function troubles(state: State): number {
  let count = 0;
  for (const sensor of state.sensors.values()) if (sensor.state !== 'ok') count++;
  for (const feed of state.feeds.values()) if (feed.state !== 'ok' && feed.state !== 'waiting') count++;
  for (const channel of state.channels.values()) if (channel.state === 'behind' || channel.state === 'failing') count++;
  return count;
}
