// The events that the server sends, live and from a recording: one JSON object each, as docs/internals/page-protocol.md says.

/** What a Site's output is: the real thing, an exercise, or a test. */
export type Status = 'actual' | 'exercise' | 'test';

/** What a track is held to be. */
export type Kind = 'rocket' | 'artillery' | 'mortar' | 'aircraft' | 'bird' | 'unknown';

/** What people are told to do. */
export type Advice = 'drop' | 'awayFromWindows' | 'shelter';

/** Members that any event may carry. */
interface Common {
  /** The Site's clock when the event was made: RFC 3339, UTC. */
  time: string;
  /** True for what a drill beside the real Site made. */
  drill?: boolean;
}

export interface TrackEvent extends Common {
  type: 'track.confirmed' | 'track.updated';
  track: string;
  validTime: string;
  /** Longitude and latitude in degrees, height in metres above the ellipsoid. */
  position: [number, number, number];
  /** East, north, up, in m/s. */
  velocity: [number, number, number];
  kind: Kind;
  /** The probability of each kind. */
  kinds: Partial<Record<Kind, number>>;
}

export interface TrackEnded extends Common {
  type: 'track.ended';
  track: string;
  reason: string;
}

export interface ImpactPredicted extends Common {
  type: 'impact.predicted';
  track: string;
  validTime: string;
  impactTime: string;
  timeSigmaS: number;
  position: [number, number];
  /** Half axes in metres; the major axis clockwise from true north. */
  ellipse95: { semiMajorM: number; semiMinorM: number; orientationDeg: number };
}

export interface WarningEvent extends Common {
  type: 'warning.raised' | 'warning.updated';
  warning: string;
  identity?: string;
  released?: boolean;
  status: Status;
  zone: string;
  probability: number;
  impactTime: string;
  leadTimeS: number;
  advice: Advice;
  tracks: string[];
}

export interface WarningCleared extends Common {
  type: 'warning.cleared';
  warning: string;
  zone: string;
  reason: string;
}

export interface SensorEvent extends Common {
  type: 'sensor.state';
  sensor: string;
  state: HealthState;
  /** What cannot be seen now: a sentence, or none. */
  blind?: string | null;
}

/** The health of a sensor or a feed. */
export type HealthState = 'ok' | 'late' | 'silent' | 'flooding' | 'faulty' | 'ended' | 'waiting';

export interface ChannelOutcome extends Common {
  type: 'channel.sent' | 'channel.failed';
  channel: string;
  warning: string;
  delayS?: number;
  reason?: string;
}

export interface OperatorActed extends Common {
  type: 'operator.acted';
  who: string;
  act: string;
  warning?: string | null;
}

export interface InputRejected extends Common {
  type: 'input.rejected';
  source: string;
  reason: string;
  count: number;
}

export interface ClockEvent extends Common {
  type: 'clock';
  speed: number;
}

export interface FeedEvent extends Common {
  type: 'feed.state';
  feed: string;
  uri: string;
  state: HealthState;
  plotsPerS: number;
  rejected: number;
  shed: number;
  clockOffsetS: number | null;
  delayS: number | null;
  meaning: string;
}

/** The health of a channel. */
export type ChannelHealth = 'ok' | 'behind' | 'failing' | 'off';

export interface ChannelEvent extends Common {
  type: 'channel.state';
  channel: string;
  kind: string;
  state: ChannelHealth;
  queued: number;
  delayS: number | null;
  sent: number;
  failed: number;
  note: string;
}

export interface ReleaseHeld extends Common {
  type: 'release.held';
  warning: string;
  zone: string;
  sendsAt: string;
}

export interface ReleaseDone extends Common {
  type: 'release.done';
  warning: string;
  how: 'confirmed' | 'timeout' | 'automatic' | 'withdrawn';
  heldS: number;
}

export interface NoticeEvent extends Common {
  type: 'notice';
  notice: string;
  severity: 'info' | 'caution' | 'danger';
  text: string;
}

export interface NoticeEnded extends Common {
  type: 'notice.ended';
  notice: string;
}

export interface DrillEvent extends Omit<Common, 'drill'> {
  type: 'drill.state';
  drill: string | null;
  title: string;
  state: 'running' | 'ended' | 'preempted';
  until: string | null;
}

export interface SightEvent extends Common {
  type: 'sight';
  sentence: string;
}

export interface LoadEvent extends Common {
  type: 'load';
  plotsPerS: number;
  queued: number;
  shed: number;
  tracks: number;
  recordingLost: number;
}

export interface RecordingOpened extends Common {
  type: 'recording.opened';
  schema: string;
  product: string;
  status: Status;
  site: GeoJSON.FeatureCollection & { tocsin?: { name?: string } };
}

/** Every event that the page understands. */
export type SiteEvent =
  | TrackEvent | TrackEnded | ImpactPredicted | WarningEvent | WarningCleared | SensorEvent | ChannelOutcome | OperatorActed
  | InputRejected | ClockEvent | FeedEvent | ChannelEvent | ReleaseHeld | ReleaseDone | NoticeEvent | NoticeEnded | DrillEvent
  | SightEvent | LoadEvent | RecordingOpened;

/** What arrived: an object with a type that may be one of ours. Newer servers may send others, which are passed over. */
export type AnyEvent = SiteEvent | { type: string; time?: string };

/** An instant as milliseconds since 1970, or NaN where the text is none. */
export function instantOf(text: string | null | undefined): number {
  return typeof text === 'string' ? Date.parse(text) : NaN;
}
