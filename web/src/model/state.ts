// What the page knows at one moment. A state is never changed: the reducer makes the next one and shares what stayed the same.
import type { Advice, ChannelHealth, HealthState, Kind, Status } from './events';

/** One point of a trail: longitude, latitude in degrees and the moment in milliseconds. */
export type TrailPoint = readonly [lon: number, lat: number, timeMs: number];

export interface Track {
  readonly id: string;
  readonly drill: boolean;
  readonly position: readonly [number, number, number];
  /** East, north, up, in m/s. */
  readonly velocity: readonly [number, number, number];
  readonly validMs: number;
  readonly kind: Kind;
  readonly kinds: Readonly<Partial<Record<Kind, number>>>;
  readonly confirmedMs: number;
  /** Oldest first; the newest point is the position itself. */
  readonly trail: readonly TrailPoint[];
  /** Why and when it ended; null while it flies. */
  readonly ended: { readonly reason: string; readonly atMs: number } | null;
}

export interface Impact {
  readonly track: string;
  readonly drill: boolean;
  readonly position: readonly [number, number];
  readonly impactMs: number;
  readonly timeSigmaS: number;
  readonly semiMajorM: number;
  readonly semiMinorM: number;
  readonly orientationDeg: number;
}

/** What one channel did with one warning. */
export interface Delivery {
  readonly channel: string;
  readonly atMs: number;
  /** Seconds from the raise to the channel's acceptance; null where it failed. */
  readonly delayS: number | null;
  readonly failure: string | null;
}

export interface Warning {
  readonly id: string;
  readonly identity: string | null;
  readonly drill: boolean;
  readonly status: Status;
  readonly zone: string;
  readonly probability: number;
  readonly raisedMs: number;
  readonly impactMs: number;
  readonly leadTimeS: number;
  readonly advice: Advice | null;
  readonly tracks: readonly string[];
  readonly released: boolean;
  readonly acknowledgedBy: string | null;
  readonly deliveries: readonly Delivery[];
  readonly cleared: { readonly reason: string; readonly atMs: number } | null;
}

export interface Sensor { readonly id: string; readonly state: HealthState; readonly blind: string; readonly sinceMs: number }

export interface Feed {
  readonly name: string;
  readonly uri: string;
  readonly state: HealthState;
  readonly plotsPerS: number;
  readonly rejected: number;
  readonly shed: number;
  readonly clockOffsetS: number | null;
  readonly delayS: number | null;
  readonly meaning: string;
}

export interface Channel {
  readonly name: string;
  readonly kind: string;
  readonly state: ChannelHealth;
  readonly queued: number;
  readonly delayS: number | null;
  readonly sent: number;
  readonly failed: number;
  readonly note: string;
  /** Delays of the newest deliveries, oldest first: moment in milliseconds and seconds. */
  readonly delays: readonly (readonly [number, number])[];
}

export interface Notice { readonly id: string; readonly severity: 'info' | 'caution' | 'danger'; readonly text: string; readonly sinceMs: number }

export interface Held { readonly warning: string; readonly zone: string; readonly sendsAtMs: number; readonly heldMs: number }

export interface Drill { readonly id: string | null; readonly title: string; readonly state: 'running' | 'ended' | 'preempted'; readonly untilMs: number }

export interface Act { readonly atMs: number; readonly who: string; readonly act: string; readonly warning: string | null }

export interface Load {
  readonly atMs: number;
  readonly plotsPerS: number;
  readonly queued: number;
  readonly shed: number;
  readonly tracks: number;
  readonly recordingLost: number;
}

export interface State {
  /** The Site's clock of the newest event, in milliseconds since 1970; NaN before the first. */
  readonly timeMs: number;
  /** How many seconds of the Site pass in one of ours. */
  readonly speed: number;
  readonly status: Status | null;
  readonly tracks: ReadonlyMap<string, Track>;
  /** The newest prediction by track. */
  readonly impacts: ReadonlyMap<string, Impact>;
  readonly warnings: ReadonlyMap<string, Warning>;
  readonly sensors: ReadonlyMap<string, Sensor>;
  readonly feeds: ReadonlyMap<string, Feed>;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly notices: ReadonlyMap<string, Notice>;
  readonly held: ReadonlyMap<string, Held>;
  /** Rejected inputs by source and reason. */
  readonly rejected: ReadonlyMap<string, { readonly source: string; readonly reason: string; readonly count: number }>;
  /** Ids that are over, so that nothing late brings them back. */
  readonly over: ReadonlySet<string>;
  readonly drill: Drill | null;
  /** What the system cannot see now; empty where it sees all. */
  readonly sight: string;
  /** How the last released warning left, and what the wait cost. */
  readonly lastRelease: { readonly warning: string; readonly how: string; readonly heldS: number } | null;
  readonly acts: readonly Act[];
  readonly loads: readonly Load[];
  readonly confirmedTracks: number;
  readonly raisedWarnings: number;
  /** Events that could not be used: of an unknown type, or without what they need. */
  readonly passedOver: number;
}

/** How much the page remembers. What is older is dropped here and is kept by the server's recording. */
export const Remembered = {
  /** Points of a trail. */
  trailPoints: 80,
  /** How long an ended track stays on the map, in milliseconds. */
  endedTrackMs: 20_000,
  /** How long a zone is 'over' after its warning ended: ten minutes, as the public page says. */
  clearedWarningMs: 600_000,
  /** Ids that are over. */
  overIds: 5_000,
  acts: 100,
  loads: 180,
  delays: 60,
  deliveries: 40,
} as const;

/** A page that has heard nothing yet. */
export const nothingHeard: State = {
  timeMs: NaN, speed: 1, status: null,
  tracks: new Map(), impacts: new Map(), warnings: new Map(), sensors: new Map(), feeds: new Map(), channels: new Map(),
  notices: new Map(), held: new Map(), rejected: new Map(), over: new Set(),
  drill: null, sight: '', lastRelease: null, acts: [], loads: [], confirmedTracks: 0, raisedWarnings: 0, passedOver: 0,
};
