// Two clocks: this phone's own, which only measures how long something took, and the site's, which is known from what the server says.

/** A forward step of the wall clock beyond the monotonic one that can only be a suspension (or a clock that was set). */
const LEAP_MS = 2000;

/** How many messages the site's clock is estimated from. A burst of old messages must fall out of it soon. */
const SAMPLES = 10;

/**
 * Milliseconds that never go back and also pass while the phone sleeps. `performance.now()` stands still in a suspended phone on some
 * systems, so a wall clock that ran ahead of it is believed: the mistake that is left makes a state look older, never fresher.
 */
export class LocalClock {
  #now = 0;
  #mono: number;
  #wall: number;
  /** Counts the suspensions seen. */
  leaps = 0;

  constructor(
    private readonly monotonic: () => number = () => performance.now(),
    private readonly wallClock: () => number = () => Date.now(),
  ) {
    this.#mono = monotonic();
    this.#wall = wallClock();
  }

  now(): number {
    const mono = this.monotonic();
    const wall = this.wallClock();
    const passed = Math.max(0, mono - this.#mono);
    const wallPassed = wall - this.#wall;
    const leap = wallPassed > passed + LEAP_MS;
    if (leap) this.leaps++;
    this.#now += leap ? wallPassed : passed;
    this.#mono = mono;
    this.#wall = wall;
    return this.#now;
  }
}

/**
 * The site's clock, and how old the newest thing heard is.
 *
 * A message says what the site's clock was when it was sent, so each gives a lower bound of (site - local): the greatest of the last few is
 * the one that travelled fastest. A message that waited in a buffer (a proxy, a sleeping radio) therefore does not look fresh.
 */
export class SiteTime {
  #offsets: number[] = [];
  #speed = 1;
  #newest: number | null = null;
  #heardAt = 0;
  #leaps: number;

  constructor(private readonly local: LocalClock) {
    this.#leaps = local.leaps;
  }

  /** A new connection may be to a server that was started again, with another clock. */
  reset(): void {
    this.#offsets = [];
  }

  /** Takes in a message of the server: its clock in milliseconds, its speed. */
  hear(time: number, speed: number): void {
    const at = this.local.now();
    if (speed !== this.#speed || this.local.leaps !== this.#leaps) this.reset();
    this.#speed = speed;
    this.#leaps = this.local.leaps;
    this.#newest = time;
    this.#heardAt = at;
    this.#offsets.push(time - at * speed);
    if (this.#offsets.length > SAMPLES) this.#offsets.shift();
  }

  /** The site's clock now, in milliseconds; null before anything was heard. */
  now(): number | null {
    if (this.#newest === null) return null;
    const at = this.local.now();
    if (this.#offsets.length === 0) return this.#newest + (at - this.#heardAt) * this.#speed;
    return Math.max(...this.#offsets) + at * this.#speed;
  }

  /** Real milliseconds since what was heard last was true; infinite before anything was heard. */
  ageMs(): number {
    if (this.#newest === null) return Infinity;
    const sinceReceipt = this.local.now() - this.#heardAt;
    const now = this.now();
    return this.#speed > 0 && now !== null ? Math.max(sinceReceipt, (now - this.#newest) / this.#speed) : sinceReceipt;
  }
}
