// The one reducer: a state and events give the next state. The live stream and the replay of an incident both go through it, so that what an
// operator sees afterwards is what the operator saw then. It is pure, and it trusts no order: a stream may begin in the middle.
import { instantOf, type AnyEvent, type SiteEvent, type TrackEvent, type WarningEvent } from './events';
import { nothingHeard, Remembered, type State, type Warning } from './state';

/** A state under construction. A map is copied when it is first written, once for a whole batch. */
class Draft {
  private readonly next: { -readonly [K in keyof State]: State[K] };
  private readonly copied = new Set<keyof State>();

  constructor(state: State) {
    this.next = { ...state };
  }

  get state(): State {
    return this.next;
  }

  set<K extends keyof State>(name: K, value: State[K]): void {
    this.next[name] = value;
  }

  map<K extends 'tracks' | 'impacts' | 'warnings' | 'sensors' | 'feeds' | 'channels' | 'notices' | 'held' | 'rejected'>(
    name: K,
  ): Map<string, State[K] extends ReadonlyMap<string, infer V> ? V : never> {
    if (!this.copied.has(name)) {
      this.copied.add(name);
      this.set(name, new Map(this.next[name] as ReadonlyMap<string, never>) as State[K]);
    }
    return this.next[name] as never;
  }

  /** An id that is over: nothing that comes late may bring it back. */
  end(id: string): void {
    if (!this.copied.has('over')) {
      this.copied.add('over');
      this.next.over = new Set(this.next.over);
    }
    const over = this.next.over as Set<string>;
    over.add(id);
    if (over.size > Remembered.overIds) for (const oldest of over) { over.delete(oldest); break; }
  }
}

/** The state after one event. */
export function reduce(state: State, event: AnyEvent): State {
  return reduceAll(state, [event]);
}

/** The state after events, in their order. What cannot be used is counted and passed over. */
export function reduceAll(state: State, events: readonly AnyEvent[]): State {
  const draft = new Draft(state);
  for (const event of events) {
    const used = isEvent(event) && apply(draft, event);
    if (!used) draft.set('passedOver', draft.state.passedOver + 1);
    const timeMs = isEvent(event) ? instantOf(event.time) : NaN;
    // The clock of a live page may step back when an exercise starts anew, and only a snapshot or a clock event may say so.
    if (timeMs > draft.state.timeMs || Number.isNaN(draft.state.timeMs)) draft.set('timeMs', timeMs);
  }
  forget(draft);
  return draft.state;
}

/** A snapshot: everything before it is forgotten. */
export function fromSnapshot(events: readonly AnyEvent[]): State {
  return reduceAll(nothingHeard, events);
}

function isEvent(value: unknown): value is SiteEvent {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

/** Applies one event; false where it is of an unknown type or lacks what it needs. */
function apply(draft: Draft, event: SiteEvent): boolean {
  const atMs = instantOf(event.time);
  switch (event.type) {
    case 'track.confirmed':
    case 'track.updated':
      return track(draft, event, atMs);
    case 'track.ended': {
      if (!isId(event.track)) return false;
      draft.end(event.track);
      const known = draft.state.tracks.get(event.track);
      if (known) draft.map('tracks').set(event.track, { ...known, ended: { reason: event.reason, atMs } });
      // The predicted impact of a round that fell stays beside it for a while; one that was lost predicts nothing any more.
      if (event.reason !== 'impact' && draft.state.impacts.has(event.track)) draft.map('impacts').delete(event.track);
      return true;
    }
    case 'impact.predicted': {
      const ellipse = event.ellipse95;
      if (!isId(event.track) || !isPoint(event.position) || typeof ellipse !== 'object' || ellipse === null) return false;
      if (draft.state.over.has(event.track)) return true;
      draft.map('impacts').set(event.track, {
        track: event.track, drill: event.drill === true, position: event.position,
        impactMs: instantOf(event.impactTime), timeSigmaS: event.timeSigmaS,
        semiMajorM: ellipse.semiMajorM, semiMinorM: ellipse.semiMinorM, orientationDeg: ellipse.orientationDeg,
      });
      return true;
    }
    case 'warning.raised':
    case 'warning.updated':
      return warning(draft, event, atMs);
    case 'warning.cleared': {
      if (!isId(event.warning)) return false;
      draft.end(event.warning);
      if (draft.state.held.has(event.warning)) draft.map('held').delete(event.warning);
      const known = draft.state.warnings.get(event.warning);
      if (known && !known.cleared) draft.map('warnings').set(event.warning, { ...known, cleared: { reason: event.reason, atMs } });
      return true;
    }
    case 'sensor.state': {
      if (!isId(event.sensor)) return false;
      const known = draft.state.sensors.get(event.sensor);
      const sinceMs = known && known.state === event.state ? known.sinceMs : atMs;
      draft.map('sensors').set(event.sensor, { id: event.sensor, state: event.state, blind: event.blind ?? '', sinceMs });
      return true;
    }
    case 'channel.sent':
    case 'channel.failed': {
      if (!isId(event.channel) || !isId(event.warning)) return false;
      const delayS = event.type === 'channel.sent' && typeof event.delayS === 'number' ? event.delayS : null;
      const known = draft.state.warnings.get(event.warning);
      if (known) {
        const delivery = { channel: event.channel, atMs, delayS, failure: event.type === 'channel.failed' ? (event.reason ?? 'failed') : null };
        draft.map('warnings').set(event.warning, { ...known, deliveries: [...known.deliveries, delivery].slice(-Remembered.deliveries) });
      }
      const channel = draft.state.channels.get(event.channel);
      if (channel && delayS !== null) {
        draft.map('channels').set(event.channel, { ...channel, delays: [...channel.delays, [atMs, delayS] as const].slice(-Remembered.delays) });
      }
      return true;
    }
    case 'operator.acted': {
      const about = event.warning ?? null;
      draft.set('acts', [...draft.state.acts, { atMs, who: event.who, act: event.act, warning: about }].slice(-Remembered.acts));
      const known = about === null ? undefined : draft.state.warnings.get(about);
      if (known && about !== null && /^acknowledge/.test(event.act)) draft.map('warnings').set(about, { ...known, acknowledgedBy: event.who });
      return true;
    }
    case 'input.rejected': {
      if (!isId(event.source)) return false;
      const key = `${event.source}\u0000${event.reason}`;
      const before = draft.state.rejected.get(key)?.count ?? 0;
      draft.map('rejected').set(key, { source: event.source, reason: event.reason, count: before + (event.count ?? 1) });
      return true;
    }
    case 'clock':
      draft.set('speed', event.speed > 0 ? event.speed : 1);
      if (!Number.isNaN(atMs)) draft.set('timeMs', atMs);
      return true;
    case 'feed.state':
      if (!isId(event.feed)) return false;
      draft.map('feeds').set(event.feed, {
        name: event.feed, uri: event.uri, state: event.state, plotsPerS: event.plotsPerS, rejected: event.rejected, shed: event.shed,
        clockOffsetS: event.clockOffsetS ?? null, delayS: event.delayS ?? null, meaning: event.meaning ?? '',
      });
      return true;
    case 'channel.state': {
      if (!isId(event.channel)) return false;
      const delays = draft.state.channels.get(event.channel)?.delays ?? [];
      draft.map('channels').set(event.channel, {
        name: event.channel, kind: event.kind, state: event.state, queued: event.queued, delayS: event.delayS ?? null,
        sent: event.sent, failed: event.failed, note: event.note ?? '', delays,
      });
      return true;
    }
    case 'release.held':
      if (!isId(event.warning)) return false;
      if (draft.state.over.has(event.warning)) return true;
      draft.map('held').set(event.warning, { warning: event.warning, zone: event.zone, sendsAtMs: instantOf(event.sendsAt), heldMs: atMs });
      return true;
    case 'release.done': {
      if (!isId(event.warning)) return false;
      if (draft.state.held.has(event.warning)) draft.map('held').delete(event.warning);
      const known = draft.state.warnings.get(event.warning);
      if (known && event.how !== 'withdrawn') draft.map('warnings').set(event.warning, { ...known, released: true });
      draft.set('lastRelease', { warning: event.warning, how: event.how, heldS: event.heldS });
      return true;
    }
    case 'notice':
      if (!isId(event.notice)) return false;
      draft.map('notices').set(event.notice, { id: event.notice, severity: event.severity, text: event.text, sinceMs: atMs });
      return true;
    case 'notice.ended':
      if (draft.state.notices.has(event.notice)) draft.map('notices').delete(event.notice);
      return true;
    case 'drill.state':
      draft.set('drill', { id: event.drill, title: event.title ?? '', state: event.state, untilMs: instantOf(event.until) });
      if (event.state !== 'running') endDrill(draft);
      return true;
    case 'sight':
      draft.set('sight', event.sentence ?? '');
      return true;
    case 'load':
      draft.set('loads', [...draft.state.loads, {
        atMs, plotsPerS: event.plotsPerS, queued: event.queued, shed: event.shed, tracks: event.tracks, recordingLost: event.recordingLost,
      }].slice(-Remembered.loads));
      return true;
    case 'recording.opened':
      draft.set('status', event.status);
      return true;
    default:
      return false;
  }
}

/** A track that was never confirmed here is shown all the same: a stream that began late must not hide a round. One that ended stays ended. */
function track(draft: Draft, event: TrackEvent, atMs: number): boolean {
  if (!isId(event.track) || !isPoint(event.position) || !isPoint(event.velocity)) return false;
  if (draft.state.over.has(event.track)) return true;
  const known = draft.state.tracks.get(event.track);
  const validMs = instantOf(event.validTime);
  if (known && validMs < known.validMs) return true;
  if (!known) draft.set('confirmedTracks', draft.state.confirmedTracks + 1);
  const point = [event.position[0], event.position[1], validMs] as const;
  const trail = known ? [...known.trail.slice(-(Remembered.trailPoints - 1)), point] : [point];
  draft.map('tracks').set(event.track, {
    id: event.track, drill: event.drill === true, position: event.position, velocity: event.velocity, validMs,
    kind: event.kind ?? 'unknown', kinds: event.kinds ?? {}, confirmedMs: known?.confirmedMs ?? atMs, trail, ended: null,
  });
  return true;
}

function warning(draft: Draft, event: WarningEvent, atMs: number): boolean {
  if (!isId(event.warning) || !isId(event.zone)) return false;
  if (draft.state.over.has(event.warning)) return true;
  const known = draft.state.warnings.get(event.warning);
  if (!known) draft.set('raisedWarnings', draft.state.raisedWarnings + 1);
  const next: Warning = {
    id: event.warning, identity: event.identity ?? known?.identity ?? null, drill: event.drill === true, status: event.status, zone: event.zone,
    probability: event.probability, raisedMs: known?.raisedMs ?? atMs, impactMs: instantOf(event.impactTime), leadTimeS: event.leadTimeS,
    advice: event.advice ?? null, tracks: event.tracks ?? [], released: event.released ?? known?.released ?? true,
    acknowledgedBy: known?.acknowledgedBy ?? null, deliveries: known?.deliveries ?? [], cleared: null,
  };
  draft.map('warnings').set(event.warning, next);
  return true;
}

/** A drill's Site is gone with the drill: its tracks go too. Its warnings stay until they are cleared, because people may still stand in shelters. */
function endDrill(draft: Draft): void {
  for (const track of draft.state.tracks.values()) if (track.drill) { draft.map('tracks').delete(track.id); draft.end(track.id); }
  for (const impact of draft.state.impacts.values()) if (impact.drill) draft.map('impacts').delete(impact.track);
}

/** Drops what is older than the page remembers. */
function forget(draft: Draft): void {
  const { timeMs } = draft.state;
  for (const track of draft.state.tracks.values()) {
    if (track.ended && timeMs - track.ended.atMs > Remembered.endedTrackMs) {
      draft.map('tracks').delete(track.id);
      draft.map('impacts').delete(track.id);
    }
  }
  for (const impact of draft.state.impacts.values()) {
    if (!draft.state.tracks.has(impact.track) && timeMs - impact.impactMs > Remembered.endedTrackMs) draft.map('impacts').delete(impact.track);
  }
  for (const held of draft.state.warnings.values()) {
    if (held.cleared && timeMs - held.cleared.atMs > Remembered.clearedWarningMs) draft.map('warnings').delete(held.id);
  }
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isPoint(value: unknown): boolean {
  return Array.isArray(value) && value.length >= 2 && value.every((part) => Number.isFinite(part));
}
