// The Site's time between two messages. An exercise may run in another year and faster than ours, so the machine's date is never used.

/** A moment of the Site, the moment of our own steady clock at which it was heard, and the Site's speed. */
export interface ClockReading { readonly siteMs: number; readonly heardMs: number; readonly speed: number }

/** The Site's time at a moment of our steady clock (performance.now()), in milliseconds since 1970. */
export function siteNow(reading: ClockReading, steadyMs: number): number {
  return reading.siteMs + (steadyMs - reading.heardMs) * reading.speed;
}

/** What a page may say about a connection by how long it has heard nothing. */
export type Connection = 'connecting' | 'live' | 'lost' | 'old';

/** Silence after which the page says that the connection is lost, and after which what it shows is old; in seconds of our own time. */
export const Silence = { lostS: 3, oldS: 10 } as const;

/** The connection's state after so much silence; null before anything was heard. */
export function connectionAfter(silenceS: number | null): Connection {
  if (silenceS === null) return 'connecting';
  return silenceS > Silence.oldS ? 'old' : silenceS > Silence.lostS ? 'lost' : 'live';
}
