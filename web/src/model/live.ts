// The live stream: server-sent events into the reducer, and how long nothing was heard.
import { connectionAfter, Silence, siteNow, type ClockReading, type Connection } from './clock';
import { instantOf, type AnyEvent } from './events';
import { fromSnapshot, reduceAll } from './reduce';
import { nothingHeard, type State } from './state';

/** After so much silence on a stream that claims to be open it is opened anew: a sleeping machine or a dead path leaves such streams. */
const ReopenAfterS = 8;

/** The wait before a stream that the server refused is tried again, in milliseconds. */
const RetryMs = 2_000;

/** What a page shows and where it has it from: the live stream, a replay, or a benchmark. */
export interface Source {
  readonly state: State;
  /** The Site's time now, in milliseconds since 1970; NaN before anything was heard. */
  nowMs(): number;
  connection(): Connection;
  /** Seconds of our own time since the last message. */
  silentS(): number;
}

/** The live Site. `changed` is called after each message; `refused` when the server does not answer as a stream (log-in may be over). */
export class LiveSource implements Source {
  state: State = nothingHeard;
  private stream: EventSource | null = null;
  private clock: ClockReading | null = null;
  private heardMs: number | null = null;
  private readonly startedMs = performance.now();
  private openedMs = this.startedMs;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private readonly watch: ReturnType<typeof setInterval>;

  constructor(private readonly changed: (events: readonly AnyEvent[], snapshot: boolean) => void, private readonly refused: () => void) {
    this.open();
    this.watch = setInterval(() => {
      const quietS = (performance.now() - Math.max(this.heardMs ?? 0, this.openedMs)) / 1000;
      if (this.retry === null && quietS > ReopenAfterS) this.open();
    }, 1000);
  }

  close(): void {
    clearInterval(this.watch);
    if (this.retry !== null) clearTimeout(this.retry);
    this.stream?.close();
  }

  nowMs(): number {
    return this.clock ? siteNow(this.clock, performance.now()) : NaN;
  }

  silentS(): number {
    return (performance.now() - (this.heardMs ?? this.startedMs)) / 1000;
  }

  connection(): Connection {
    // A page that has never heard anything says so too, and does not stay 'connecting' for ever.
    return this.heardMs === null && this.silentS() <= Silence.oldS ? 'connecting' : connectionAfter(this.silentS());
  }

  private open(): void {
    this.stream?.close();
    this.openedMs = performance.now();
    const stream = new EventSource('/api/stream');
    this.stream = stream;
    stream.addEventListener('snapshot', (message) => this.hear(message, true));
    stream.addEventListener('events', (message) => this.hear(message, false));
    stream.onerror = () => {
      // The browser resumes a broken stream by itself, with the last id; one that was refused it gives up.
      if (stream.readyState !== EventSource.CLOSED || this.stream !== stream || this.retry !== null) return;
      this.refused();
      this.retry = setTimeout(() => {
        this.retry = null;
        this.open();
      }, RetryMs);
    };
  }

  private hear(message: MessageEvent<string>, snapshot: boolean): void {
    const events = eventsOf(message.data);
    this.heardMs = performance.now();
    this.state = snapshot ? fromSnapshot(events) : reduceAll(this.state, events);
    this.setClock(events, snapshot);
    this.changed(events, snapshot);
  }

  /** The clock goes by `clock` events; before the first one, by the newest event. */
  private setClock(events: readonly AnyEvent[], snapshot: boolean): void {
    for (let i = events.length - 1; i >= 0; i--) {
      const event = events[i];
      if (event?.type !== 'clock') continue;
      const siteMs = instantOf(event.time);
      if (!Number.isNaN(siteMs)) this.clock = { siteMs, heardMs: performance.now(), speed: this.state.speed };
      return;
    }
    if ((this.clock === null || snapshot) && !Number.isNaN(this.state.timeMs)) {
      this.clock = { siteMs: this.state.timeMs, heardMs: performance.now(), speed: this.state.speed };
    }
  }
}

/** The events of a message; a message that is no JSON array holds none. */
export function eventsOf(data: string): AnyEvent[] {
  try {
    const value: unknown = JSON.parse(data);
    return Array.isArray(value) ? (value as AnyEvent[]) : [];
  } catch {
    return [];
  }
}
