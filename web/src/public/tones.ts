// The page's sounds as data: notes by an oscillator, and vibration. Each is told apart by its melody, not by its pitch alone.

/** One note: a glide from one frequency to another. */
export interface Note {
  atS: number;
  lengthS: number;
  fromHz: number;
  toHz: number;
  wave: OscillatorType;
  /** Peak amplitude, 0 to 1. */
  gain: number;
}

/** What a sound says. */
export type Sound = 'warn' | 'over' | 'lost' | 'test';

/** Seconds from one warning tone to the next, and how long they go on at most. */
export const WARN_EVERY_S = 2.4;
export const WARN_FOR_S = 60;

/** Three short, even pips come before any sound of an exercise, test or drill. */
export const PIPS_S = 0.75;

/** The notes of a sound, `marked` when it is not real. */
export function notes(sound: Sound, marked: boolean): Note[] {
  const own = MELODIES[sound];
  if (!marked || sound === 'test') return own;
  return [...PIPS, ...own.map((note) => ({ ...note, atS: note.atS + PIPS_S }))];
}

/** Milliseconds on, off, on, ...: what the phone's motor does. */
export function vibration(sound: Sound): number[] {
  switch (sound) {
    case 'warn': return [600, 200, 600, 200, 600];
    case 'over': return [150];
    case 'lost': return [150, 150, 150];
    case 'test': return [200];
  }
}

// Rich in harmonics and low at the start, so that it wakes sleepers and reaches those who no longer hear high tones.
const rise = (atS: number): Note => ({ atS, lengthS: 0.5, fromHz: 520, toHz: 1040, wave: 'sawtooth', gain: 0.9 });
const pip = (atS: number): Note => ({ atS, lengthS: 0.1, fromHz: 880, toHz: 880, wave: 'sine', gain: 0.5 });
const bell = (atS: number, hz: number): Note => ({ atS, lengthS: 0.45, fromHz: hz, toHz: hz, wave: 'sine', gain: 0.5 });
const low = (atS: number): Note => ({ atS, lengthS: 0.25, fromHz: 330, toHz: 250, wave: 'triangle', gain: 0.8 });

const PIPS = [pip(0), pip(0.2), pip(0.4)];
const MELODIES: Record<Sound, Note[]> = {
  warn: [rise(0), rise(0.55), rise(1.1)],
  over: [bell(0, 784), bell(0.4, 659), bell(0.8, 523)],
  lost: [low(0), low(0.4)],
  test: [bell(0, 659)],
};
