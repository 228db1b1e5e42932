// The page's languages: one file each in web/languages, bundled, so that a phone without a network still has its words.
import type { Advice } from './protocol';
import type { View } from './view';

/** The words of one language: plain ones, and those that change with a number, by CLDR's plural category. */
export type Words = Record<string, string | Record<string, string>>;

/** One language. */
export interface Language {
  /** BCP 47 tag. */
  tag: string;
  /** Its own name for itself. */
  name: string;
  direction: 'ltr' | 'rtl';
  page: Words;
}

// A new file in that folder is a new language. Only what this page needs is bundled, not the wording of other channels.
const tags = import.meta.glob<string>('../../languages/*.json', { eager: true, import: 'tag' });
const names = import.meta.glob<string>('../../languages/*.json', { eager: true, import: 'name' });
const directions = import.meta.glob<string>('../../languages/*.json', { eager: true, import: 'direction' });
const pages = import.meta.glob<Words>('../../languages/*.json', { eager: true, import: 'page' });

/** Every language, by tag. */
export const languages: readonly Language[] = Object.keys(tags)
  .map((file) => ({
    tag: tags[file] ?? '',
    name: names[file] ?? '',
    direction: directions[file] === 'rtl' ? ('rtl' as const) : ('ltr' as const),
    page: pages[file] ?? {},
  }))
  .sort((a, b) => (a.tag < b.tag ? -1 : 1));

/** The first wanted tag that a language fits, exactly or by its primary part (`ar-IQ` finds `ar`); English otherwise. */
export function pick(wanted: readonly (string | null | undefined)[], from: readonly Language[] = languages): Language {
  for (const tag of wanted) {
    const low = tag?.toLowerCase().trim();
    if (!low) continue;
    const found =
      from.find((l) => l.tag.toLowerCase() === low) ?? from.find((l) => primary(l.tag.toLowerCase()) === primary(low));
    if (found) return found;
  }
  const fallback = from.find((l) => l.tag === 'en') ?? from[0];
  if (!fallback) throw new Error('no language is bundled');
  return fallback;
}

// ISO 639-1 once had other codes for these; old phones still send them.
const OLD_CODES: Record<string, string> = { iw: 'he' };

function primary(tag: string): string {
  const code = tag.split(/[-_]/)[0] ?? tag;
  return OLD_CODES[code] ?? code;
}

const ADVICE_HEADING: Record<Advice, string> = {
  drop: 'adviceDrop', awayFromWindows: 'adviceAway', shelter: 'adviceShelter', cover: 'adviceCover',
};

const ADVICE_STEPS: Record<Advice, readonly string[]> = {
  drop: ['dropStep1', 'dropStep2', 'dropStep3'],
  awayFromWindows: ['awayStep1', 'awayStep2', 'awayStep3'],
  shelter: ['shelterStep1', 'shelterStep2', 'shelterStep3'],
  cover: ['coverStep1', 'coverStep2', 'coverStep3'],
};

/** Speaks one language: words, counts, numbers and durations. */
export class Text {
  readonly #plural: Intl.PluralRules;
  readonly #number: Intl.NumberFormat;
  readonly #ago: Intl.RelativeTimeFormat;

  constructor(readonly language: Language) {
    this.#plural = new Intl.PluralRules(language.tag);
    this.#number = new Intl.NumberFormat(language.tag, { useGrouping: false });
    this.#ago = new Intl.RelativeTimeFormat(language.tag, { numeric: 'always' });
  }

  /** A plain text; its key where the file lacks it, which a test forbids. */
  say(key: string, values: Record<string, string> = {}): string {
    const words = this.language.page[key];
    return typeof words === 'string' ? fill(words, values) : key;
  }

  /** A text that depends on a number; `{n}` in it becomes the number. */
  count(key: string, n: number): string {
    const forms = this.language.page[key];
    if (typeof forms !== 'object') return key;
    return fill(forms[this.#plural.select(n)] ?? forms['other'] ?? key, { n: this.number(n) });
  }

  /** A whole number in the language's own digits. */
  number(n: number): string {
    return this.#number.format(n);
  }

  /** "12 seconds ago", "3 minutes ago": the coarsest unit that is not rounded up. */
  ago(seconds: number): string {
    if (seconds < 60) return this.#ago.format(-Math.floor(seconds), 'second');
    if (seconds < 3600) return this.#ago.format(-Math.floor(seconds / 60), 'minute');
    return this.#ago.format(-Math.floor(seconds / 3600), 'hour');
  }

  /** The largest words of a view: for a warning, its advice. */
  heading(view: View): string {
    switch (view.kind) {
      case 'connecting': return this.say('stateConnecting');
      case 'unknown': return this.say('stateUnknown');
      case 'clear': return this.say('stateClear');
      case 'warned': return this.say(ADVICE_HEADING[view.advice ?? 'cover']);
      case 'cover': return this.say('stayInCover');
      case 'over': return this.say('stateOver');
      case 'retracted': return this.say('stateRetracted');
      case 'unprotected': return this.say('stateUnprotected');
    }
  }

  /** What is happening, in a sentence or two. */
  words(view: View): string {
    switch (view.kind) {
      case 'connecting': return this.say('connectingWords');
      case 'unknown': return this.say('unknownWords');
      case 'clear': return this.say('clearWords');
      case 'warned': return this.say('warnedWords');
      case 'cover': return this.say('coverWords');
      case 'over': return this.say('overWords');
      case 'retracted': return this.say('retractedWords');
      case 'unprotected': return this.say('unprotectedWords');
    }
  }

  /** What to do now, one step each. */
  steps(view: View): string[] {
    return stepKeys(view).map((key) => this.say(key));
  }
}

function stepKeys(view: View): readonly string[] {
  switch (view.kind) {
    case 'connecting': return [];
    case 'unknown': return ['unprotectedStep1'];
    case 'clear': return ['clearStep1', 'clearStep2', 'clearStep3'];
    case 'warned': return ADVICE_STEPS[view.advice ?? 'cover'];
    case 'cover': return ['stayStep1', 'stayStep2', 'stayStep3'];
    case 'over': return ['overStep1', 'overStep2', 'overStep3'];
    case 'retracted': return ['retractedStep1', 'retractedStep2'];
    case 'unprotected': return ['unprotectedStep1', 'unprotectedStep2', 'unprotectedStep3'];
  }
}

function fill(template: string, values: Record<string, string>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
