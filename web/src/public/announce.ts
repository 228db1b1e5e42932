// What a screen reader is told, and when: a raise at once, everything else when there is a pause, and of the countdown only a few figures.
import type { Text } from './language';
import type { Sound } from './tones';
import { isWarning, type Mark, type View } from './view';

/** The seconds of a countdown that are spoken. */
export const SPOKEN_SECONDS: readonly number[] = [60, 30, 15, 10, 5];

/** A figure this close after the last spoken one is left out, so that speech does not pile up. */
const CLOSE_S = 3;

/** What to say and to sound now. */
export interface Cue {
  assertive: string | null;
  polite: string | null;
  sound: Exclude<Sound, 'test'> | null;
}

/** The words of the marks, for the start of whatever is said. */
export function markWords(marks: readonly Mark[], text: Text): string {
  return marks.map((mark) => text.say(MARK_WORDS[mark])).join(' ');
}

const MARK_WORDS = { exercise: 'markExerciseWords', test: 'markTestWords', drill: 'markDrillWords' } as const;

/** Compares each view with the one before it. */
export class Announcer {
  #before: View | null = null;
  #spokenS: number | null = null;

  /** What the new view gives a reason to say. */
  next(view: View, text: Text, zone: string): Cue {
    const before = this.#before;
    this.#before = view;
    const silent: Cue = { assertive: null, polite: null, sound: null };

    if (isWarning(view) && (before === null || !isWarning(before) || changed(before, view))) {
      this.#spokenS = view.secondsLeft;
      const real = view.marks.length === 0 && before !== null && isWarning(before) && before.marks.length > 0;
      return {
        ...silent,
        sound: 'warn',
        assertive: sentence([
          markWords(view.marks, text),
          real ? text.say('notDrill') : '',
          text.heading(view),
          text.say('warnedWords'),
          zone,
          view.secondsLeft === null ? '' : text.count('countdownSpoken', view.secondsLeft),
        ]),
      };
    }
    if (before === null || before.kind !== view.kind) {
      if (view.kind === 'connecting') return silent;
      return {
        ...silent,
        sound: soundOf(before, view),
        polite: sentence([
          markWords(view.marks, text),
          before?.kind === 'unprotected' ? text.say('connectedAgain') : '',
          text.heading(view),
          text.words(view),
          view.lostWhileWarned ? text.say('lostWhileWarned') : '',
          zone,
        ]),
      };
    }
    return view.kind === 'warned' ? { ...silent, polite: this.#countdown(before, view, text) } : silent;
  }

  #countdown(before: View, view: View, text: Text): string | null {
    const left = view.secondsLeft;
    const was = before.secondsLeft;
    if (left === null || was === null || left >= was) return null;
    if (!SPOKEN_SECONDS.some((mark) => left <= mark && mark < was)) return null;
    if (this.#spokenS !== null && this.#spokenS >= left && this.#spokenS - left < CLOSE_S) return null;
    this.#spokenS = left;
    return sentence([markWords(view.marks, text), text.count('countdownSpoken', left)]);
  }
}

// A warning that changes its advice, or turns from a drill into a real one, is told like a new one. `cover` follows `warned` by itself.
function changed(before: View, view: View): boolean {
  return before.advice !== view.advice || before.marks.join() !== view.marks.join() || (before.kind === 'cover' && view.kind === 'warned');
}

// Only the end of a warning that this page showed is sounded, and the loss of a contact.
function soundOf(before: View | null, view: View): Cue['sound'] {
  if (view.kind === 'unprotected') return 'lost';
  const calm = view.kind === 'over' || view.kind === 'retracted' || view.kind === 'clear';
  return calm && before !== null && (isWarning(before) || before.lostWhileWarned) ? 'over' : null;
}

function sentence(parts: string[]): string {
  return parts.filter((part) => part !== '').map((part) => (/[.!?…]$/.test(part) ? part : part + '.')).join(' ');
}
