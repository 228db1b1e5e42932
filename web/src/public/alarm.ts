// Sound, vibration and a screen that stays on, on demand. A browser gives none of them before the person touches the page.
import { notes, vibration, WARN_EVERY_S, WARN_FOR_S, type Sound } from './tones';

/** `paused`: wanted, but the browser waits for a touch. */
export type AlarmState = 'off' | 'paused' | 'on';

/** Whether the screen stays on; `unknown` until it was asked for. */
export type ScreenState = 'unknown' | 'kept' | 'refused';

const RAMP_S = 0.02;

/** The phone's alarm. */
export class Alarm {
  #context: AudioContext | null = null;
  #lock: WakeLockSentinel | null = null;
  #repeat = 0;
  #playing: OscillatorNode[] = [];
  screen: ScreenState = 'unknown';

  /** @param wanted the stored choice; @param changed called whenever `state` or `screen` may have changed */
  constructor(
    private wanted: boolean,
    private readonly changed: () => void,
  ) {
    // Any touch will do to unlock the sound that was chosen on an earlier visit.
    for (const kind of ['pointerdown', 'keydown']) document.addEventListener(kind, () => void this.#unlock());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void this.#unlock();
    });
    if (wanted) void this.#unlock();
  }

  get state(): AlarmState {
    if (!this.wanted) return 'off';
    return this.#context?.state === 'running' ? 'on' : 'paused';
  }

  /** Turns the alarm on, from within a touch. */
  async turnOn(): Promise<void> {
    this.wanted = true;
    await this.#unlock();
  }

  /** Turns it off, and what sounds now as well. */
  turnOff(): void {
    this.wanted = false;
    this.silence();
    void this.#lock?.release();
    this.#lock = null;
    this.screen = 'unknown';
    this.changed();
  }

  /** Plays a sound once, and vibrates; nothing while off. */
  play(sound: Sound, marked: boolean): void {
    if (!this.wanted) return;
    this.silence();
    this.#once(sound, marked);
  }

  /** Sounds the warning again and again until silenced, for a minute at most. */
  warn(marked: boolean): void {
    if (!this.wanted) return;
    this.silence();
    this.#once('warn', marked);
    let left = Math.floor(WARN_FOR_S / WARN_EVERY_S);
    this.#repeat = window.setInterval(() => {
      if (--left <= 0) window.clearInterval(this.#repeat);
      // The pips come once: a melody that begins with them each time would hide the warning's own.
      this.#once('warn', false);
    }, WARN_EVERY_S * 1000 + (marked ? 750 : 0));
  }

  /** Ends whatever sounds. */
  silence(): void {
    window.clearInterval(this.#repeat);
    for (const oscillator of this.#playing) oscillator.stop();
    this.#playing = [];
    // Asked before any touch, some browsers log an error for it.
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(0);
  }

  #once(sound: Sound, marked: boolean): void {
    if (navigator.userActivation?.hasBeenActive !== false) navigator.vibrate?.(vibration(sound));
    const context = this.#context;
    if (context?.state !== 'running') return;
    for (const note of notes(sound, marked)) {
      const oscillator = context.createOscillator();
      const gain = context.createGain();
      const start = context.currentTime + note.atS;
      const end = start + note.lengthS;
      oscillator.type = note.wave;
      oscillator.frequency.setValueAtTime(note.fromHz, start);
      oscillator.frequency.linearRampToValueAtTime(note.toHz, end);
      // Ramps at both ends, or each note clicks.
      gain.gain.setValueAtTime(0, start);
      gain.gain.linearRampToValueAtTime(note.gain, start + RAMP_S);
      gain.gain.setValueAtTime(note.gain, end - RAMP_S);
      gain.gain.linearRampToValueAtTime(0, end);
      oscillator.connect(gain).connect(context.destination);
      oscillator.onended = () => {
        this.#playing = this.#playing.filter((other) => other !== oscillator);
        gain.disconnect();
      };
      oscillator.start(start);
      oscillator.stop(end);
      this.#playing.push(oscillator);
    }
  }

  async #unlock(): Promise<void> {
    if (!this.wanted) return;
    try {
      if (!this.#context) {
        this.#context = new AudioContext();
        this.#context.onstatechange = this.changed;
      }
      // A browser that waits for a touch never settles this promise, so nothing here waits for it.
      if (this.#context.state !== 'running') void this.#context.resume().then(this.changed, this.changed);
    } catch {
      // A browser without WebAudio: the state stays `paused`, and vibration remains.
    }
    await this.#keepScreen();
    this.changed();
  }

  async #keepScreen(): Promise<void> {
    if (this.#lock && !this.#lock.released) return;
    if (document.visibilityState !== 'visible') return;
    try {
      if (!navigator.wakeLock) throw new Error('no wake lock here');
      this.#lock = await navigator.wakeLock.request('screen');
      this.screen = 'kept';
      this.#lock.addEventListener('release', () => {
        this.screen = 'unknown';
        this.changed();
      });
    } catch {
      this.screen = 'refused';
    }
  }
}
