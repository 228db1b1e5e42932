// Keeps one zone's stream open. The stream sends the whole state at once and on each change, so a new connection misses nothing.
import { json, readBeat, readZone, type Beat, type PublicZone } from './protocol';

/** A stream that says nothing for this long is taken for dead and opened anew: a phone may not notice for minutes. */
export const SILENT_MS = 3500;

/** The first and the longest pause before another attempt, before the jitter of up to a half that spreads many phones. */
export const RETRY_FIRST_MS = 400;
export const RETRY_MOST_MS = 4000;

/** A single request gives up after this. */
const REQUEST_MS = 4000;

/** What the page wants to hear. */
export interface Listener {
  /** A new stream: the server may be another one, with another clock. */
  opened(): void;
  zone(zone: PublicZone): void;
  beat(beat: Beat): void;
  /** The server knows no such zone. */
  unknown(): void;
}

/** What the connection needs of its surroundings, so that a test can play them. */
export interface Surroundings {
  stream(url: string): EventSource;
  request(url: string, signal: AbortSignal): Promise<Response>;
  later(act: () => void, ms: number): number;
  cancel(timer: number): void;
  random(): number;
}

/** The browser itself. */
export const browser: Surroundings = {
  stream: (url) => new EventSource(url),
  request: (url, signal) => fetch(url, { cache: 'no-store', credentials: 'omit', signal }),
  later: (act, ms) => window.setTimeout(act, ms),
  cancel: (timer) => window.clearTimeout(timer),
  random: () => Math.random(),
};

/** The connection to one zone. */
export class ZoneConnection {
  readonly #address: string;
  #source: EventSource | null = null;
  #watchdog = 0;
  #retry = 0;
  #attempts = 0;
  #stopped = true;

  constructor(
    zoneId: string,
    private readonly listener: Listener,
    private readonly around: Surroundings = browser,
  ) {
    this.#address = '/api/public/zones/' + encodeURIComponent(zoneId);
  }

  start(): void {
    this.#stopped = false;
    this.#open();
  }

  stop(): void {
    this.#stopped = true;
    this.#close();
  }

  /** The phone woke up or its network came back: try now, not when the pause has passed. */
  wake(): void {
    if (this.#stopped) return;
    this.#attempts = 0;
    this.#open();
  }

  #open(): void {
    this.#close();
    const source = this.around.stream(this.#address + '/stream');
    this.#source = source;
    let first = true;
    const heard = (): void => {
      // `open` may come from a proxy that has nothing behind it; only words of the server count.
      if (first) this.listener.opened();
      first = false;
      this.#attempts = 0;
      this.#watch();
    };
    source.addEventListener('zone', (event) => {
      const zone = readZone(json((event as MessageEvent<string>).data));
      if (source !== this.#source || !zone) return;
      heard();
      this.listener.zone(zone);
    });
    source.addEventListener('beat', (event) => {
      const beat = readBeat(json((event as MessageEvent<string>).data));
      if (source !== this.#source || !beat) return;
      heard();
      this.listener.beat(beat);
    });
    source.addEventListener('error', () => {
      if (source === this.#source) this.#failed();
    });
    this.#watch();
  }

  #watch(): void {
    this.around.cancel(this.#watchdog);
    this.#watchdog = this.around.later(() => this.#failed(), SILENT_MS);
  }

  // The browser's own retry waits three seconds and gives up on some answers, so each failure ends the stream and is timed here. A plain
  // request says meanwhile whether the zone exists, and gives its state where a proxy holds streams back.
  #failed(): void {
    this.#close();
    if (this.#stopped) return;
    const pause = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** this.#attempts) * (1 + this.around.random() / 2);
    this.#attempts++;
    this.#retry = this.around.later(() => this.#open(), pause);
    void this.#ask();
  }

  async #ask(): Promise<void> {
    const abort = new AbortController();
    const timer = this.around.later(() => abort.abort(), REQUEST_MS);
    try {
      const answer = await this.around.request(this.#address, abort.signal);
      const body = json(await answer.text());
      if (this.#stopped) return;
      // A 404 without the server's own words comes from something in between, which knows nothing about zones.
      if (answer.status === 404 && typeof (body as { title?: unknown } | undefined)?.title === 'string') return this.listener.unknown();
      const zone = answer.ok ? readZone(body) : null;
      if (zone) this.listener.zone(zone);
    } catch {
      // No network: the age of the state says so.
    } finally {
      this.around.cancel(timer);
    }
  }

  #close(): void {
    this.around.cancel(this.#watchdog);
    this.around.cancel(this.#retry);
    this.#source?.close();
    this.#source = null;
  }
}
