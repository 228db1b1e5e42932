// What the server says about one zone without log-in, and the reading of it. Bad input is data: a reader gives null, never an exception.

/** What kind of operation the site runs: a real one, an exercise or a test. */
export type Status = 'actual' | 'exercise' | 'test';

/** What people are told to do; `cover` is this page's own word for an advice that it does not know. */
export type Advice = 'drop' | 'awayFromWindows' | 'shelter' | 'cover';

/** One zone as the public sees it. Instants are milliseconds since 1970 by the SITE's clock, which is not this phone's. */
export interface PublicZone {
  zone: string;
  name: string;
  site: string;
  state: 'clear' | 'warned' | 'over';
  status: Status;
  drill: boolean;
  advice: Advice | null;
  /** The earliest impact expected here; null where none is. */
  impactTime: number | null;
  /** When this state began. */
  since: number | null;
  /** The state is over because the warning was withdrawn. */
  retracted: boolean;
  /** The site's clock when this was sent. */
  time: number;
  /** Site seconds in a real second. */
  speed: number;
}

/** The sign of life that comes each second. */
export interface Beat {
  time: number;
  speed: number;
}

/** The site as the public sees it: its zones and the languages whose wording it has signed off. */
export interface PublicSite {
  name: string;
  status: Status;
  zones: { id: string; name: string }[];
  reviewed: string[];
}

/** Reads a zone; null when it is not one. */
export function readZone(value: unknown): PublicZone | null {
  const o = object(value);
  const beat = readBeat(value);
  if (!o || !beat || typeof o['zone'] !== 'string') return null;
  const state = o['state'];
  if (state !== 'clear' && state !== 'warned' && state !== 'over') return null;
  return {
    zone: o['zone'],
    name: text(o['name']) || o['zone'],
    site: text(o['site']),
    state,
    status: readStatus(o['status']),
    drill: o['drill'] === true,
    advice: readAdvice(o['advice'], state),
    impactTime: instant(o['impactTime']),
    since: instant(o['since']),
    retracted: o['retracted'] === true,
    ...beat,
  };
}

/** Reads a beat; null when it is not one. */
export function readBeat(value: unknown): Beat | null {
  const o = object(value);
  const time = instant(o?.['time']);
  if (!o || time === null) return null;
  const speed = o['speed'];
  return { time, speed: typeof speed === 'number' && Number.isFinite(speed) && speed >= 0 ? speed : 1 };
}

/** Reads the site; null when it is not one. Zones without an id are left out. */
export function readSite(value: unknown): PublicSite | null {
  const o = object(value);
  if (!o || !Array.isArray(o['zones'])) return null;
  const zones = o['zones'].flatMap((z: unknown) => {
    const zone = object(z);
    const id = text(zone?.['id']);
    return id === '' ? [] : [{ id, name: text(zone?.['name']) || id }];
  });
  const languages: unknown[] = Array.isArray(o['languages']) ? o['languages'] : [];
  const reviewed = languages.flatMap((l) => (object(l)?.['reviewed'] === true ? [text(object(l)?.['tag'])] : []));
  return { name: text(o['name']), status: readStatus(o['status']), zones, reviewed };
}

/** JSON text to a value; undefined when it is not JSON. */
export function json(data: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
}

// A status that this page does not know is not called real: a false mark is seen and asked about, a missing one frightens.
function readStatus(value: unknown): Status {
  return value === 'actual' || value === 'exercise' ? value : 'test';
}

// A warning always carries an advice (no alert without one): an unknown or missing one becomes the general 'take cover'.
function readAdvice(value: unknown, state: string): Advice | null {
  if (state !== 'warned') return null;
  return value === 'drop' || value === 'awayFromWindows' || value === 'shelter' ? value : 'cover';
}

function object(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function instant(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const ms = Date.parse(value);
  return Number.isFinite(ms) ? ms : null;
}
