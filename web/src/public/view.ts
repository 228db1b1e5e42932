// The page's state machine, pure: from what was heard, and how long ago, to what is shown.
import type { Advice, PublicZone } from './protocol';

/** After this long without a sign of life the page says how old its state is. */
export const STALE_MS = 3000;

/** After this long it says that nobody is protected by it. */
export const LOST_MS = 10_000;

/** A page that was just opened and hears nothing says so this soon: it has no state to be old. */
export const FIRST_CONTACT_MS = 3000;

/** What the page shows. `cover` is a warning whose first impact is due or past: people must stay where they are. */
export type Kind = 'connecting' | 'unknown' | 'clear' | 'warned' | 'cover' | 'over' | 'retracted' | 'unprotected';

/** What marks something as not real. */
export type Mark = 'exercise' | 'test' | 'drill';

/** What is known at one moment. */
export interface Known {
  zone: PublicZone | null;
  /** The server says that there is no such zone. */
  unknownZone: boolean;
  /** Milliseconds since the newest thing heard was true; infinite before anything was. */
  ageMs: number;
  /** Milliseconds since the page was opened. */
  openMs: number;
  /** The site's clock. */
  siteNow: number | null;
}

/** What is shown at one moment; two equal views look and read alike. */
export interface View {
  kind: Kind;
  marks: Mark[];
  advice: Advice | null;
  /** Whole seconds to the earliest impact, rounded down; null where there is none to come. */
  secondsLeft: number | null;
  /** Seconds since this state began; null where unknown or of no use. */
  sinceS: number | null;
  /** Seconds since anything was heard, once that is worth saying. */
  ageS: number | null;
  /** Contact was lost while a warning stood. */
  lostWhileWarned: boolean;
}

/** What to show of what is known. */
export function viewOf(known: Known): View {
  const nothing: View = {
    kind: 'connecting', marks: [], advice: null, secondsLeft: null, sinceS: null, ageS: null, lostWhileWarned: false,
  };
  if (known.unknownZone) return { ...nothing, kind: 'unknown' };
  const zone = known.zone;
  if (zone === null || !Number.isFinite(known.ageMs)) {
    return { ...nothing, kind: known.openMs >= FIRST_CONTACT_MS ? 'unprotected' : 'connecting' };
  }

  const marks = marksOf(zone);
  const ageS = known.ageMs >= STALE_MS ? Math.floor(known.ageMs / 1000) : null;
  if (known.ageMs >= LOST_MS) {
    const stood = zone.state === 'warned';
    return { ...nothing, kind: 'unprotected', marks, ageS, advice: stood ? zone.advice : null, lostWhileWarned: stood };
  }

  const now = known.siteNow ?? zone.time;
  const shown = { ...nothing, marks, ageS };
  switch (zone.state) {
    case 'clear':
      return { ...shown, kind: 'clear' };
    case 'over':
      return { ...shown, kind: zone.retracted ? 'retracted' : 'over', sinceS: sinceS(zone.since, now) };
    case 'warned': {
      const left = zone.impactTime === null ? null : Math.floor((zone.impactTime - now) / 1000);
      // A warning without a time is still one: no countdown, and the advice stands.
      if (left === null || left > 0) return { ...shown, kind: 'warned', advice: zone.advice, secondsLeft: left };
      return { ...shown, kind: 'cover', advice: zone.advice };
    }
  }
}

/** Whether people are to take or stay in cover. */
export function isWarning(view: View): boolean {
  return view.kind === 'warned' || view.kind === 'cover';
}

/** The marks of a zone, the site's own first. */
export function marksOf(zone: Pick<PublicZone, 'status' | 'drill'>): Mark[] {
  return [...(zone.status === 'actual' ? [] : [zone.status]), ...(zone.drill ? (['drill'] as const) : [])];
}

function sinceS(since: number | null, now: number): number | null {
  return since === null ? null : Math.max(0, Math.floor((now - since) / 1000));
}
